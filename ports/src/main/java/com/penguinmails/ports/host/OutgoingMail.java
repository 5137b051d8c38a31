package com.penguinmails.ports.host;

import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Tries from a host whether it reaches port 25 of our own probe host. Sellers close that port for
/// some addresses or accounts, and nothing but a connection shows it.
public final class OutgoingMail {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration CONTROL = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int TRIES = 3; // one lost connection is no closed port

  private final Network network;
  private final IpAddress probe;
  private final int controlPort;

  /// @param probe address of our probe host, which greets on port 25
  /// @param controlPort another port of it that is always open, such as IMAP's
  public OutgoingMail(Network network, IpAddress probe, int controlPort) {
    this.network = network;
    this.probe = probe;
    this.controlPort = controlPort;
  }

  private record Said(String greeting) {}

  /// Where it connects to.
  public IpAddress probe() {
    return probe;
  }

  /// Whether port 25 answers. Changes nothing on the host. Safe to repeat.
  ///
  /// @param script `host/outgoing`
  /// @throws Unavailable the probe host is away, so that nothing is known, or the connection to the
  ///   host is lost
  public boolean isOpen(RemoteHost host, String script) {
    for (int i = 0; i < TRIES; i++) {
      if (!greeting(host, script).isEmpty()) {
        return true;
      }
    }
    control(); // whether it is the host's port or our probe host that is closed
    return false;
  }

  private String greeting(RemoteHost host, String script) {
    var output =
        host.run(
            List.of("bash", "-s", "--", probe.value()),
            script.getBytes(StandardCharsets.UTF_8),
            LIMIT);
    try {
      return JSON.readValue(output.standardOutput(), Said.class).greeting();
    } catch (JacksonException e) {
      throw new Unavailable(
          "the host's try of port 25 cannot be read; exit code %d: %s"
              .formatted(output.exitCode(), output.standardError()),
          e);
    }
  }

  private void control() {
    try (var socket = new Socket()) {
      socket.connect(network.reach(probe, controlPort), (int) CONTROL.toMillis());
    } catch (IOException e) {
      throw new Unavailable(
          "our probe host %s is away, so nothing is known of port 25".formatted(probe), e);
    }
  }
}
