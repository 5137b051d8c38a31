package com.penguinmails.ports.mail.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A listening loopback port; each connection is served on a thread of its own.
final class SimulatedPort implements AutoCloseable {
  /// Serves one connection; a broken one is the client's affair.
  interface Service {
    void serve(Socket socket) throws IOException;
  }

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  SimulatedPort(Service service) {
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(() -> accept(service));
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  private void accept(Service service) {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        socket.setTcpNoDelay(true); // lines come one by one: each would wait 40 ms for its ACK
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(service, socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Service service, Socket socket) {
    try (socket) {
      service.serve(socket);
    } catch (IOException clientWentAway) {
      // Failed handshakes are what some tests are about; the client's side is judged.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
