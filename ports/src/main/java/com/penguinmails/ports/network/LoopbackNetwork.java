package com.penguinmails.ports.network;

import com.penguinmails.workflows.model.IpAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/// A network of 254 simulated machines inside this one: each address of 192.0.2.0/24 (TEST-NET-1,
/// RFC 5737) is the loopback address with the same last part, and a privileged port is one that an
/// ordinary user may open. Every other address leads to where nobody listens: a simulation reaches
/// nobody outside.
///
/// Linux answers on all of 127.0.0.0/8 without being told.
public final class LoopbackNetwork implements Network {
  /// What is added to ports that only root may open.
  public static final int OFFSET = 10_000;

  private static final Pattern PREFIX = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}");
  private static final String DOCUMENTATION = "192.0.2.";
  private static final int FIRST_UNPRIVILEGED = 1024;
  private static final String NOBODY = ".0";
  private static final int DISCARD = 9; // below 1024: no ordinary user listens there

  private final String prefix;

  /// @param prefix the first three parts, such as `127.77.12`: one for each simulated world
  public LoopbackNetwork(String prefix) {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException("not three parts of a loopback address: " + prefix);
    }
    this.prefix = prefix;
  }

  @Override
  public InetSocketAddress reach(IpAddress address, int port) {
    if (!address.value().startsWith(DOCUMENTATION)) {
      return new InetSocketAddress(new IpAddress(prefix + NOBODY).toInetAddress(), DISCARD);
    }
    var last = address.value().substring(DOCUMENTATION.length());
    return new InetSocketAddress(
        new IpAddress(prefix + "." + last).toInetAddress(),
        port < FIRST_UNPRIVILEGED ? port + OFFSET : port);
  }

  /// The simulated address of a loopback address that connected.
  ///
  /// @throws IllegalArgumentException a loopback address of another network
  public IpAddress simulated(IpAddress loopback) {
    if (!loopback.value().startsWith(prefix + ".")) {
      throw new IllegalArgumentException(loopback + " is not of the simulated network");
    }
    return new IpAddress(DOCUMENTATION + loopback.value().substring(prefix.length() + 1));
  }
}
