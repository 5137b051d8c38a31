package com.penguinmails.ports.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.host.RemoteHostsContract;
import com.penguinmails.ports.host.SshKeyPair;
import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against Apache MINA's server in this JVM, which runs real programs.
class SshjRemoteHostsTest implements RemoteHostsContract {
  private static final SshKeyPair LOGIN_KEY = SshKeyPair.generate("login");
  @TempDir Path staging;
  private SshServer server;

  SshjRemoteHostsTest() {
    server = SshServer.setUpDefaultServer();
  }

  @BeforeEach
  void start() throws Exception {
    var ours = AuthorizedKeyEntry.parseAuthorizedKeyEntry(LOGIN_KEY.publicKeyLine());
    PublickeyAuthenticator authenticator =
        PublickeyAuthenticator.fromAuthorizedEntries("ours", null, List.of(ours), null);
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
    server.setPasswordAuthenticator((user, password, session) -> "one-time".equals(password));
    server.setPublickeyAuthenticator(authenticator);
    server.setCommandFactory(new ProcessShellCommandFactory());
    server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.stop(true);
  }

  @Override
  public RemoteHosts hosts() {
    return new SshjRemoteHosts(Network.direct(), staging.toString());
  }

  @Override
  public Target target() {
    return new Target(new IpAddress("127.0.0.1"), server.getPort(), "penguin");
  }

  @Override
  public Login goodLogin() {
    return new Login.Password("one-time");
  }

  @Override
  public String staging() {
    return staging.toString();
  }

  @Override
  public void loseConnection() {
    await().until(() -> !server.getActiveSessions().isEmpty());
    server.getActiveSessions().forEach(session -> session.close(true));
  }

  @Override
  public void restoreConnection() {
    assertThat(server.isOpen()).isTrue();
  }

  @Test
  void logsInWithAKeyMadeByUs() {
    var login = new Login.PrivateKey(LOGIN_KEY.privateKeyPem());
    try (var host = hosts().connect(target(), new HostKey.FirstContact(), login, LIMIT)) {
      assertThat(host.run(List.of("true"), new byte[0], LIMIT).exitCode()).isZero();
    }
    assertThat(LOGIN_KEY.toString()).doesNotContain("PRIVATE");
    assertThat(KeyUtils.getFingerPrint(publicKey())).isEqualTo(LOGIN_KEY.fingerprint());
  }

  private static java.security.PublicKey publicKey() {
    try {
      return AuthorizedKeyEntry.parseAuthorizedKeyEntry(LOGIN_KEY.publicKeyLine())
          .resolvePublicKey(null, null, null);
    } catch (IOException | java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isUnavailableWhenNobodyListensOrNobodySpeaks() throws IOException {
    try (var silent = new ServerSocket(0)) {
      var port = silent.getLocalPort();
      var limit = java.time.Duration.ofSeconds(1);
      var target = new Target(new IpAddress("127.0.0.1"), port, "penguin");
      assertThatThrownBy(
              () -> hosts().connect(target, new HostKey.FirstContact(), goodLogin(), limit))
          .isInstanceOf(Unavailable.class);
      silent.close();
      assertThatThrownBy(
              () -> hosts().connect(target, new HostKey.FirstContact(), goodLogin(), limit))
          .isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void quotesForAPosixShell() {
    assertThat(SshjRemoteHost.quote(List.of("a b", "it's", ""))).isEqualTo("'a b' 'it'\\''s' ''");
  }
}
