package com.penguinmails.ports.network;

import com.penguinmails.workflows.model.IpAddress;
import java.net.InetSocketAddress;

/// Turns an address and a port into the socket address to connect to. Identity in production; the
/// sandbox maps documentation addresses to loopback ports here and nowhere else.
@FunctionalInterface
public interface Network {
  /// Never asks a resolver and never fails.
  InetSocketAddress reach(IpAddress address, int port);

  /// The Internet as it is.
  static Network direct() {
    return (address, port) -> new InetSocketAddress(address.toInetAddress(), port);
  }
}
