package com.penguinmails.sandbox.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Ports on 127.0.0.1 for servers that must be told where to listen.
///
/// They lie below the range from which kernels lend ports to outgoing connections and to servers
/// that ask for any (Linux lends from 32768 up, others from 49152): between choosing a port and
/// listening on it nobody else is given it by chance.
public final class LoopbackPort {
  private static final int LOWEST = 10_000;
  private static final int ABOVE = 32_768;
  private static final Set<Integer> CHOSEN = ConcurrentHashMap.newKeySet();

  private LoopbackPort() {}

  /// A free port; never the same one twice in this process.
  public static int choose() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, ABOVE);
      if (CHOSEN.add(port) && isFree(port)) {
        return port;
      }
    }
  }

  /// Whether a server could listen on it now.
  public static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true); // connections of its last owner may still linger
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
