package com.penguinmails.api.setup;

import com.penguinmails.api.setup.CreateSetup.ServerAccess;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What comes with an order in confidence: in the secret store before a row refers to it.
final class OrderSecrets {
  private static final Logger LOG = LoggerFactory.getLogger(OrderSecrets.class);

  private final SecretStore secrets;

  OrderSecrets(SecretStore secrets) {
    this.secrets = secrets;
  }

  /// @throws OutsideException the secret store cannot be reached
  Kept keep(TenantId tenant, SetupId id, CreateSetup request) {
    var path = "setup/" + id;
    return new Kept(
        request.server() instanceof ServerAccess own
            ? Optional.of(secrets.putIfAbsent(tenant, path + "/first-login", own.login()))
            : Optional.empty(),
        Optional.of(request.dns().secrets())
            .filter(fields -> !fields.isEmpty())
            .map(fields -> secrets.putIfAbsent(tenant, path + "/zone-access", fields)));
  }

  /// What came with the order and no row refers to. The order is answered whether or not the secret
  /// store can be reached.
  void discard(TenantId tenant, List<SecretRef> spare) {
    for (var reference : spare) {
      try {
        secrets.destroy(tenant, reference);
      } catch (OutsideException away) {
        LOG.atWarn()
            .addKeyValue("secret", reference)
            .addKeyValue("reason", away.getMessage())
            .log("A secret that nothing refers to is left in the secret store");
      }
    }
  }

  /// Where the secrets of an order lie now.
  record Kept(Optional<SecretRef> firstLogin, Optional<SecretRef> zoneAccess) {
    static Kept nothing() {
      return new Kept(Optional.empty(), Optional.empty());
    }

    List<SecretRef> all() {
      return Stream.of(firstLogin, zoneAccess).flatMap(Optional::stream).toList();
    }
  }
}
