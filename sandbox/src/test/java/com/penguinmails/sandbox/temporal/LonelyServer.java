package com.penguinmails.sandbox.temporal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A JVM of its own that starts a Temporal server and waits to be killed.
final class LonelyServer {
  private LonelyServer() {}

  public static void main(String[] arguments) throws Exception {
    // Kept in a variable until the JVM is killed; closing it would hide what the test is after.
    var server = TemporalServer.start(TemporalServer.Place.in(Path.of(arguments[0])));
    Files.createFile(Path.of(arguments[0], "ready"));
    new CountDownLatch(1).await();
    server.close();
  }
}
