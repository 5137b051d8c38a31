package com.penguinmails.ports.host.ssh;

import com.penguinmails.ports.host.RemoteHost;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.SshKeyPair;
import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.method.PasswordResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.PasswordUtils;
import org.jspecify.annotations.Nullable;

/// Sessions over sshj. The host's key is compared before anything of the login is sent.
public final class SshjRemoteHosts implements RemoteHosts {
  /// Where our login may write.
  public static final String STAGING = "/var/lib/penguin/staging";

  // A host that vanished is noticed after interval x count seconds.
  private static final int KEEP_ALIVE_SECONDS = 5;
  private static final int KEEP_ALIVE_COUNT = 3;

  private final Network network;
  private final String staging;

  public SshjRemoteHosts(Network network) {
    this(network, STAGING);
  }

  /// @param staging absolute path of the staging directory
  public SshjRemoteHosts(Network network, String staging) {
    this.network = network;
    this.staging = staging;
  }

  @Override
  public RemoteHost connect(Target target, HostKey hostKey, Login login, Duration timeout) {
    var config = new DefaultConfig();
    config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
    var client = new SSHClient(config);
    var seen = new AtomicReference<@Nullable String>();
    var accepted = false;
    try {
      client.setConnectTimeout((int) timeout.toMillis());
      client.setTimeout((int) timeout.toMillis());
      client.getTransport().setTimeoutMs((int) timeout.toMillis());
      client.getConnection().setTimeoutMs((int) timeout.toMillis());
      var keepAlive = (KeepAliveRunner) client.getConnection().getKeepAlive();
      keepAlive.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
      keepAlive.setMaxAliveCount(KEEP_ALIVE_COUNT);
      client.addHostKeyVerifier(new KeyCheck(hostKey, seen));
      var socket = network.reach(target.address(), target.port());
      client.connect(socket.getAddress(), socket.getPort());
      authenticate(client, target, login);
      client.setTimeout(0); // from here on the keep-alive notices a lost host
      var shown = seen.get();
      if (shown == null) {
        throw new Unavailable(name(target) + " showed no host key");
      }
      accepted = true;
      return new SshjRemoteHost(client, name(target), shown, staging);
    } catch (IOException e) {
      if (hostKey instanceof HostKey.Pinned pinned
          && seen.get() != null
          && !pinned.fingerprint().equals(seen.get())) {
        throw new Refused(
            FailureType.HOST_KEY_CHANGED,
            "%s showed host key %s, pinned is %s; nothing was sent. If the machine was reinstalled, confirm the new key"
                .formatted(name(target), seen.get(), pinned.fingerprint()));
      }
      throw new Unavailable(
          "no SSH session with %s within %s: %s".formatted(name(target), timeout, e.getMessage()),
          e);
    } finally {
      if (!accepted) {
        SshjRemoteHost.closeQuietly(client);
      }
    }
  }

  private static void authenticate(SSHClient client, Target target, Login login)
      throws IOException {
    try {
      client.auth(target.user(), methods(client, login));
    } catch (UserAuthException e) {
      // Who refuses says what would be taken (RFC 4252, section 5.1).
      var offered = String.join(", ", client.getUserAuth().getAllowedMethods());
      if (offered.isBlank() || !client.isConnected()) {
        throw new Unavailable("%s hung up during the login".formatted(name(target)), e);
      }
      throw new Refused(
          FailureType.LOGIN_REFUSED,
          "%s does not take the %s; it offers: %s"
              .formatted(
                  name(target), login instanceof Login.Password ? "password" : "key", offered));
    }
  }

  private static List<AuthMethod> methods(SSHClient client, Login login) throws IOException {
    return switch (login) {
      case Login.Password(var password) -> {
        PasswordFinder finder = PasswordUtils.createOneOff(password.toCharArray());
        PasswordFinder again = PasswordUtils.createOneOff(password.toCharArray());
        yield List.of(
            new AuthPassword(finder),
            new AuthKeyboardInteractive(new PasswordResponseProvider(again)));
      }
      case Login.PrivateKey(var pem) ->
          List.of(new AuthPublickey(client.loadKeys(pem, (String) null, (PasswordFinder) null)));
    };
  }

  private static String name(Target target) {
    return target.user() + "@" + target.address() + ":" + target.port();
  }

  /// Compares what the host shows with what we know, and remembers it.
  private record KeyCheck(HostKey known, AtomicReference<@Nullable String> seen)
      implements HostKeyVerifier {
    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
      var blob = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
      var shown = SshKeyPair.fingerprintOf(blob);
      seen.set(shown);
      return switch (known) {
        case HostKey.Pinned(var fingerprint) -> fingerprint.equals(shown);
        case HostKey.FirstContact() -> true;
      };
    }

    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
      return List.of();
    }
  }
}
