package com.penguinmails.activities.server;

import com.penguinmails.activities.secret.SecretFields;
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
  private static final String OUR_USER = "penguin";

  private final RemoteHosts hosts;
  private final SecretStore secrets;

  HostSessions(RemoteHosts hosts, SecretStore secrets) {
    this.hosts = hosts;
    this.secrets = secrets;
  }

  /// As our own login, which has been proved.
  RemoteHost ours(TenantId tenant, Server server) {
    return hosts.connect(
        new Target(server.address(), server.sshPort(), OUR_USER),
        new HostKey.Pinned(server.pinnedFingerprint().orElseThrow()),
        new Login.PrivateKey(
            SecretFields.read(secrets, tenant, server.login().orElseThrow(), "pem")),
        LIMIT);
  }

  /// With the login the tenant gave; ours when that one is no longer taken.
  RemoteHost given(TenantId tenant, Server server) {
    var known =
        server
            .pinnedFingerprint()
            .<HostKey>map(HostKey.Pinned::new)
            .orElseGet(HostKey.FirstContact::new);
    try {
      return hosts.connect(firstTarget(server), known, firstLogin(tenant, server), LIMIT);
    } catch (Refused refused) {
      if (refused.type() == FailureType.LOGIN_REFUSED && server.login().isPresent()) {
        return ours(tenant, server);
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
