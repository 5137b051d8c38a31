package com.penguinmails.sandbox.dns.simulated;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A UDP and a TCP port that carry DNS messages (RFC 1035, 4.2). Each message is served by itself:
/// clients send several over one connection, and a slow one holds up nobody (RFC 7766, 6.2.1.1).
final class DnsPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DnsPort.class);
  private static final int MAX_MESSAGE = 65_535;
  private static final int BACKLOG = 50;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final Service service;
  private final DatagramSocket datagrams;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private DnsPort(InetSocketAddress at, Service service) throws IOException {
    this.service = service;
    datagrams = new DatagramSocket(at);
    try {
      listener = new ServerSocket(at.getPort(), BACKLOG, at.getAddress());
    } catch (IOException e) {
      datagrams.close();
      throw e;
    }
  }

  /// Begins to listen.
  static DnsPort open(InetSocketAddress at, Service service) {
    try {
      var port = new DnsPort(at, service);
      port.threads.execute(port::receive);
      port.threads.execute(port::accept);
      return port;
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated DNS cannot listen on " + at, e);
    }
  }

  /// Makes an answer of a message, both as octets.
  @FunctionalInterface
  interface Service {
    Reply serve(byte[] message, boolean isTcp) throws InterruptedException;
  }

  /// What goes back.
  sealed interface Reply {
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Octets(byte[] octets) implements Reply {}

    /// Nothing, and the client waits.
    record Nothing() implements Reply {}

    /// Nothing, and a TCP connection ends.
    record Cut() implements Reply {}
  }

  private void receive() {
    var buffer = new byte[MAX_MESSAGE];
    while (!datagrams.isClosed()) {
      try {
        var packet = new DatagramPacket(buffer, buffer.length);
        datagrams.receive(packet);
        var message = Arrays.copyOf(buffer, packet.getLength());
        var client = packet.getSocketAddress();
        threads.execute(() -> serveDatagram(message, client));
      } catch (IOException | RejectedExecutionException e) {
        LOG.atDebug().setCause(e).log("No datagram received");
      }
    }
  }

  private void serveDatagram(byte[] message, SocketAddress client) {
    try {
      if (service.serve(message, false) instanceof Reply.Octets(var octets)) {
        datagrams.send(new DatagramPacket(octets, octets.length, client));
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("An answer did not leave");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        open.add(socket);
        threads.execute(() -> serveConnection(socket));
      } catch (IOException | RejectedExecutionException e) {
        LOG.atDebug().setCause(e).log("No connection accepted");
      }
    }
    open.forEach(DnsPort::end);
  }

  private void serveConnection(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new DataInputStream(socket.getInputStream());
      var out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      var writing = new ReentrantLock();
      while (true) {
        var message = in.readNBytes(in.readUnsignedShort());
        threads.execute(() -> serveStream(message, socket, out, writing));
      }
    } catch (IOException | RejectedExecutionException e) {
      LOG.atDebug().setCause(e).log("A connection ended");
    } finally {
      open.remove(socket);
    }
  }

  private void serveStream(
      byte[] message, Socket socket, DataOutputStream out, ReentrantLock writing) {
    try {
      switch (service.serve(message, true)) {
        case Reply.Octets(var octets) -> send(octets, out, writing);
        case Reply.Nothing() -> {}
        case Reply.Cut() -> socket.close();
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("An answer did not leave");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(byte[] octets, DataOutputStream out, ReentrantLock writing)
      throws IOException {
    writing.lock();
    try {
      out.writeShort(octets.length);
      out.write(octets);
      out.flush();
    } finally {
      writing.unlock();
    }
  }

  /// Ends everything, and comes back when the port is free: a socket that a thread waits on is let
  /// go of only when that thread has noticed.
  @Override
  public void close() {
    datagrams.close();
    end(listener);
    open.forEach(DnsPort::end);
    threads.shutdownNow();
    try {
      var _ = threads.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) { // it is gone all the same
      LOG.atDebug().setCause(e).log("A socket did not close in order");
    }
  }
}
