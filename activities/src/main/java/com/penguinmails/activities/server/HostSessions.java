package com.penguinmails.activities.server;

import com.penguinmails.activities.secret.SecretFields;
import com.penguinmails.ports.host.KeptSessions;
import com.penguinmails.ports.host.RemoteHost;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.server.Server;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;

/// Opens sessions with servers: logins from the secret store, host keys as pinned.
final class HostSessions {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final String OUR_USER = "penguin";

  private final RemoteHosts hosts;
  private final KeptSessions kept;
  private final SecretStore secrets;

  HostSessions(RemoteHosts hosts, SecretStore secrets) {
    this.hosts = hosts;
    this.kept = new KeptSessions(hosts, KEPT);
    this.secrets = secrets;
  }

  /// As our own login, which has been proved; perhaps over the session of a moment ago.
  RemoteHost ours(TenantId tenant, Server server) {
    return kept.any(ourTarget(server), pinned(server), ourLogin(tenant, server), LIMIT);
  }

  /// As our own login, logging in now.
  RemoteHost oursAnew(TenantId tenant, Server server) {
    return kept.fresh(ourTarget(server), pinned(server), ourLogin(tenant, server), LIMIT);
  }

  /// As our own login, for one use: nothing is kept open.
  RemoteHost oursOnce(TenantId tenant, Server server) {
    return hosts.connect(ourTarget(server), pinned(server), ourLogin(tenant, server), LIMIT);
  }

  private static Target ourTarget(Server server) {
    return new Target(server.address(), server.sshPort(), OUR_USER);
  }

  private static HostKey.Pinned pinned(Server server) {
    return new HostKey.Pinned(server.pinnedFingerprint().orElseThrow());
  }

  private Login ourLogin(TenantId tenant, Server server) {
    return new Login.PrivateKey(
        SecretFields.read(secrets, tenant, server.login().orElseThrow(), "pem"));
  }

  /// With the login the tenant gave; ours when that one is no longer taken. A host that shows the
  /// key that we made for it was met by a contact that did not come to its end.
  RemoteHost given(TenantId tenant, Server server) {
    var known =
        server
            .pinnedFingerprint()
            .<HostKey>map(HostKey.Pinned::new)
            .orElseGet(HostKey.FirstContact::new);
    try {
      return given(tenant, server, known);
    } catch (Refused refused) {
      var made = server.hostKey();
      if (refused.type() != FailureType.HOST_KEY_CHANGED || made.isEmpty()) {
        throw refused;
      }
      var own = new HostKey.Pinned(SecretFields.read(secrets, tenant, made.get(), "fingerprint"));
      return FirstContact.orElse(refused, () -> given(tenant, server, own));
    }
  }

  private RemoteHost given(TenantId tenant, Server server, HostKey known) {
    try {
      return hosts.connect(firstTarget(server), known, firstLogin(tenant, server), LIMIT);
    } catch (Refused refused) {
      if (refused.type() == FailureType.LOGIN_REFUSED && server.login().isPresent()) {
        return hosts.connect(ourTarget(server), known, ourLogin(tenant, server), LIMIT);
      }
      throw refused;
    }
  }

  /// Where the tenant's own login goes.
  Target firstTarget(Server server) {
    return new Target(server.address(), server.sshPort(), server.firstUser());
  }

  /// The one-time password or key the tenant gave.
  Login firstLogin(TenantId tenant, Server server) {
    var reference =
        server
            .firstLogin()
            .orElseThrow(() ->
                new Refused(
                    FailureType.LOGIN_REFUSED,
                    "no login is known for " + server.address() + "; give one and try again"));
    var fields = secrets.get(tenant, reference);
    var password = fields.get("password");
    return password != null
        ? new Login.Password(password)
        : new Login.PrivateKey(SecretFields.read(secrets, tenant, reference, "key"));
  }
}
