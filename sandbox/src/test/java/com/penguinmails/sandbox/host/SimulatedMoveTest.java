package com.penguinmails.sandbox.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.host.OutgoingMail;
import com.penguinmails.ports.host.RemoteHost;
import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.host.ssh.SshjRemoteHosts;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A host gets another address, and says itself whether it may send mail.
class SimulatedMoveTest {
  private static final IpAddress FIRST = new IpAddress("192.0.2.20");
  private static final IpAddress SECOND = new IpAddress("192.0.2.21");
  private static final IpAddress PROBE = new IpAddress("192.0.2.2");
  private static final String PASSWORD = "given-once-9431";
  private static final int IMAP = 993;

  private final LoopbackNetwork network =
      new LoopbackNetwork("127.%d.%d".formatted(10 + random(200), random(250)));
  private final OutgoingMail outgoing = new OutgoingMail(network, PROBE, IMAP);
  private SimulatedHosts hosts;

  private static int random(int below) {
    return ThreadLocalRandom.current().nextInt(below);
  }

  @BeforeEach
  void rent(@TempDir Path directory) {
    hosts = SimulatedHosts.open(directory, network);
    hosts.rent("host", FIRST, PASSWORD);
  }

  @AfterEach
  void close() {
    hosts.close();
  }

  @Test
  void answersAtItsOtherAddressWithTheSameDisk() {
    String key;
    try (var before = asRoot(FIRST)) {
      key = before.hostKeyFingerprint();
    }

    hosts.move("host", SECOND);
    hosts.rent("host", SECOND, "not used: it is there");

    try (var after = asRoot(SECOND)) {
      assertThat(after.hostKeyFingerprint()).isEqualTo(key);
    }
    assertThatThrownBy(() -> asRoot(FIRST)).isInstanceOf(Unavailable.class);
  }

  @Test
  void saysWhetherItReachesPort25() throws IOException {
    try (var imap = new ServerSocket();
        var smtp = new ServerSocket();
        var host = asRoot(FIRST)) {
      imap.bind(network.reach(PROBE, IMAP));
      assertThat(isOpen(host)).as("nobody greets").isFalse();

      smtp.bind(network.reach(PROBE, 25));
      greet(smtp);
      assertThat(isOpen(host)).isTrue();

      hosts.closeMail(FIRST);
      assertThat(isOpen(host)).as("closed by its seller").isFalse();
    }
  }

  /// Nobody may be replaced because our own probe host is away.
  @Test
  void saysNothingWhenTheProbeHostIsAway() {
    try (var host = asRoot(FIRST)) {
      assertThatThrownBy(() -> isOpen(host))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("nothing is known of port 25");
    }
  }

  private boolean isOpen(RemoteHost host) {
    return outgoing.isOpen(host, RentedHost.TEMPLATES.text("host/outgoing"));
  }

  private static void greet(ServerSocket smtp) {
    Thread.ofVirtual()
        .start(() -> {
          while (!smtp.isClosed()) {
            try (var client = smtp.accept()) {
              client.getOutputStream().write("220 probe\r\n".getBytes(US_ASCII));
            } catch (IOException closed) {
              return;
            }
          }
        });
  }

  private RemoteHost asRoot(IpAddress address) {
    return new SshjRemoteHosts(network)
        .connect(
            new Target(address, 22, "root"),
            new HostKey.FirstContact(),
            new Login.Password(PASSWORD),
            RentedHost.LIMIT);
  }
}
