package com.penguinmails.sandbox.mail.simulated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An open port; each connection is served on a thread of its own.
final class ListeningPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListeningPort.class);
  private static final int IDLE_MILLIS = 300_000; // smtpd_timeout

  private final ServerSocket listener;
  private final Conversation conversation;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /// Serves one connection, which is closed afterwards.
  @FunctionalInterface
  interface Conversation {
    void serve(Socket socket) throws IOException;
  }

  private ListeningPort(ServerSocket listener, Conversation conversation) {
    this.listener = listener;
    this.conversation = conversation;
  }

  /// @throws UncheckedIOException the address is taken
  static ListeningPort open(InetSocketAddress address, Conversation conversation) {
    try {
      var listener = new ServerSocket();
      listener.setReuseAddress(true); // connections of an earlier life may linger
      try {
        listener.bind(address);
      } catch (IOException e) {
        listener.close();
        throw e;
      }
      var port = new ListeningPort(listener, conversation);
      port.threads.execute(port::accept);
      return port;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + address, e);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException | RejectedExecutionException closed) {
        LOG.atDebug().setCause(closed).log("No longer listening");
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      // Answers come line by line: each would wait 40 ms for the acknowledgement of the one before.
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(IDLE_MILLIS);
      conversation.serve(socket);
    } catch (IOException | RuntimeException e) {
      // Clients that hang up or fail a handshake are what a mail server sees all day.
      LOG.atDebug().setCause(e).log("A connection ended");
    } finally {
      open.remove(socket);
    }
  }

  /// Also ends the connections that are open, and waits for their threads.
  @Override
  public void close() {
    try {
      listener.close();
      for (var socket : open) {
        socket.close();
      }
      Ending.await(threads);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
