package com.penguinmails.activities.server;

import com.penguinmails.activities.secret.SecretFields;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.host.SshKeyPair;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.server.Server;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import java.util.Map;

/// The keys we make for a server, and the first login they take the place of: values in the secret
/// store, references in the server's row.
final class ServerKeys {
  private final Stores stores;
  private final SecretStore secrets;

  ServerKeys(Stores stores, SecretStore secrets) {
    this.stores = stores;
    this.secrets = secrets;
  }

  /// Our own login. Made at the first time.
  SshKeyPair login(TenantId tenant, Server server) {
    var reference =
        keyPair(tenant, "server/%s/login".formatted(server.id()), "penguin-" + server.id());
    stores.tenancy().as(tenant, () -> stores.servers().recordLogin(server.id(), reference));
    return keyPair(tenant, reference);
  }

  /// What a bought server shows itself with. Made at the first time.
  SshKeyPair host(TenantId tenant, Server server) {
    var reference =
        keyPair(tenant, "server/%s/host-key".formatted(server.id()), "host-" + server.id());
    stores.tenancy().as(tenant, () -> stores.servers().recordHostKey(server.id(), reference));
    return keyPair(tenant, reference);
  }

  /// Made once per path.
  private SecretRef keyPair(TenantId tenant, String path, String comment) {
    var made = SshKeyPair.generate(comment);
    return secrets.putIfAbsent(
        tenant,
        path,
        Map.of(
            "pem", made.privateKeyPem(),
            "line", made.publicKeyLine(),
            "fingerprint", made.fingerprint()));
  }

  private SshKeyPair keyPair(TenantId tenant, SecretRef reference) {
    return new SshKeyPair(
        SecretFields.read(secrets, tenant, reference, "pem"),
        SecretFields.read(secrets, tenant, reference, "line"),
        SecretFields.read(secrets, tenant, reference, "fingerprint"));
  }

  /// As the row has it now: it may have been corrected meanwhile. Destroyed before the row forgets
  /// where it is, so that none is left when we die in between.
  void forgetFirstLogin(TenantId tenant, ServerId id) {
    stores
        .tenancy()
        .reading(tenant, () -> stores.servers().get(id))
        .firstLogin()
        .ifPresent(reference -> {
          secrets.destroy(tenant, reference);
          stores.tenancy().run(tenant, () -> stores.servers().forgetFirstLogin(id));
        });
  }

  /// Our own login is not needed any more. Its row goes on saying that there was one.
  void destroyLogin(TenantId tenant, Server server) {
    server.login().ifPresent(reference -> secrets.destroy(tenant, reference));
  }
}
