package com.penguinmails.sandbox.mail;

import com.penguinmails.ports.mail.MailProbe.ProbeMailbox;
import com.penguinmails.sandbox.docker.Container;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.docker.ImageRecipe;
import com.penguinmails.sandbox.docker.SandboxNetwork;
import com.penguinmails.workflows.model.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The probe host in a container at `.10`: Debian's Postfix and Dovecot.
public final class DockerProbeHost implements ProbeHost {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int LAST_OCTET = 10;

  private final Container container;
  private final IpAddress address;
  private final String password;

  private DockerProbeHost(Container container, IpAddress address, String password) {
    this.container = container;
    this.address = address;
    this.password = password;
  }

  /// Starts the host, or the stopped one of this instance, and waits until SMTP and IMAP answer.
  /// The image is built when this machine has none.
  ///
  /// @param resolvers whom it asks; empty: Docker's own
  /// @param password of the mailbox login `proof`
  public static DockerProbeHost start(
      DockerEngine engine, SandboxNetwork network, List<IpAddress> resolvers, String password) {
    if (!password.matches("[A-Za-z0-9-]{8,64}")) {
      throw new IllegalArgumentException("the probe's password has letters, digits and hyphens");
    }
    var address = network.address(LAST_OCTET);
    var container =
        Container.start(
            engine,
            network,
            new Container.Wish(
                "probe",
                engine.image(recipe()),
                address,
                List.of("bash", "/usr/local/sbin/probe-host"),
                resolvers));
    var host = new DockerProbeHost(container, address, password);
    host.run(
        "install -o dovecot -m 0600 /dev/stdin /etc/probe-host/users",
        "proof:{PLAIN}" + password + "\n");
    host.await(25);
    host.await(993);
    return host;
  }

  static ImageRecipe recipe() {
    var files =
        Map.of(
            "/etc/postfix/main.cf", resource("main.cf"),
            "/etc/dovecot/dovecot.conf", resource("dovecot.conf"),
            "/usr/local/sbin/probe-host", resource("probe-host.sh"),
            "/usr/local/sbin/probe-fault", resource("fault.sh"),
            "/etc/probe-host/README", "Login and certificate of the probe host; made at start.\n");
    return new ImageRecipe(
        "penguin-probe-host",
        List.of("postfix", "dovecot-core", "dovecot-imapd", "postgrey", "openssl"),
        new TreeMap<>(files),
        List.of(
            "useradd --system --uid 2000 --user-group mailprobe"
                + " && install -d -o mailprobe -g mailprobe -m 0700 /var/mail-probe"
                // A chroot needs copies of resolv.conf; this host's changes at each start.
                + " && postconf -F '*/*/chroot=n'"));
  }

  @Override
  public void fault(Fault fault) {
    run(
        "bash /usr/local/sbin/probe-fault "
            + switch (fault) {
              case Fault.Greylist greylist -> "greylist " + greylist.delay().toSeconds();
              case Fault.GreylistOne(var client, var delay) ->
                  "greylist " + delay.toSeconds() + " " + client;
              case Fault.Refuse _ -> "refuse";
              case Fault.Alter _ -> "alter";
              case Fault.Down _ -> "down";
              case Fault.Slow slow -> "slow " + slow.delay().toSeconds();
            },
        "");
  }

  @Override
  public void heal() {
    run("bash /usr/local/sbin/probe-fault none", "");
    await(25);
  }

  @Override
  public ProbeMailbox mailbox() {
    return new ProbeMailbox(address, 993, HOSTNAME, "proof", password);
  }

  @Override
  public IpAddress address() {
    return address;
  }

  @Override
  public String certificatePem() {
    return run("cat /etc/probe-host/certificate.pem", "").standardOutput();
  }

  /// Stops the host; its mailbox stays and `start` finds it again.
  @Override
  public void close() {
    container.stop();
  }

  private Container.Output run(String command, String input) {
    var output = container.exec(List.of("bash", "-c", command), input, Duration.ofMinutes(1));
    if (output.exitCode() != 0) {
      throw new IllegalStateException(
          "`%s` on the probe host ended with %d: %s"
              .formatted(command, output.exitCode(), output.standardError()));
    }
    return output;
  }

  private void await(int port) {
    var end = Instant.now().plus(START_LIMIT);
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(address.toInetAddress(), port), 2_000);
        return;
      } catch (IOException notYet) {
        if (Instant.now().isAfter(end)) {
          throw new IllegalStateException(
              "the probe host does not answer on port %d within %s".formatted(port, START_LIMIT),
              notYet);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(100));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the probe host starts", e);
    }
  }

  private static String resource(String name) {
    try (var stream = DockerProbeHost.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
