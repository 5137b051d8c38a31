package com.penguinmails.sandbox.acme;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A fault proxy in front of Pebble: passes every request on unchanged, except where a fault was
/// planned. One connection carries one request.
///
/// The `Host` header is passed on too: Pebble makes its URLs from it, and clients sign the URL they
/// ask for.
public final class AcmeFaultProxy implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AcmeFaultProxy.class);
  private static final String NONCE_REFUSED = "urn:ietf:params:acme:error:badNonce";
  private static final int MAX_HEAD = 64 * 1024;

  private final PebbleServer pebble;
  private final SSLContext tls;
  private final SSLServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentLinkedQueue<Planned> plan = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Came> requests = new ConcurrentLinkedQueue<>();

  private AcmeFaultProxy(PebbleServer pebble, int port) throws IOException {
    this.pebble = pebble;
    this.tls = pebble.identity().context();
    this.listener =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(port, 64, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /// Starts a proxy. It shows the same certificate as Pebble does.
  ///
  /// @param port on loopback; part of every URL the authority gives out, so the same at each start
  ///   for clients that remember some
  public static AcmeFaultProxy inFrontOf(PebbleServer pebble, int port) {
    try {
      return new AcmeFaultProxy(pebble, port);
    } catch (IOException e) {
      throw new UncheckedIOException("fault proxy not started", e);
    }
  }

  /// The ACME directory as seen through the proxy.
  public URI acmeDirectory() {
    return URI.create("https://localhost:" + listener.getLocalPort() + "/dir");
  }

  /// Plans a fault for the next requests whose path contains the text; faults are used up in the
  /// order they were planned.
  public void plan(String pathPart, Fault fault, int times) {
    plan.add(new Planned(pathPart, fault, new Semaphore(times)));
  }

  /// When requests came whose path contains the text, in their order; faulty ones count. Those
  /// whose nonce was refused do not: Pebble refuses every twentieth on purpose, and the client
  /// repeats such a request at once (RFC 8555, 6.5).
  public List<Instant> requests(String pathPart) {
    return requests.stream().filter(came -> came.path().contains(pathPart)).map(Came::at).toList();
  }

  /// Forgets what was planned and not yet used.
  public void heal() {
    plan.clear();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException("fault proxy not closed", e);
    } finally {
      threads.shutdownNow();
    }
  }

  /// What may happen to a request.
  public sealed interface Fault {
    /// HTTP 429. With a problem document as Let's Encrypt answers, or bare as a front end does.
    record TooManyRequests(Duration retryAfter, boolean withProblem) implements Fault {}

    /// A bare HTTP 5xx.
    record ServerError(int status) implements Fault {}

    /// Answered properly, but late.
    record Slow(Duration delay) implements Fault {}

    /// The connection ends before Pebble heard of the request.
    record CutBefore() implements Fault {}

    /// Pebble did it, but the answer is lost.
    record CutAfter() implements Fault {}
  }

  private record Planned(String pathPart, Fault fault, Semaphore left) {}

  private record Request(Came came, ByteArrayOutputStream bytes) {
    String path() {
      return came.path();
    }
  }

  private record Came(String path, Instant at) {}

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        threads.execute(() -> serve(socket));
      } catch (IOException | RejectedExecutionException e) {
        log.atDebug().setCause(e).log("Fault proxy stopped accepting");
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      var request = read(client.getInputStream());
      requests.add(request.came());
      var fault = faultFor(request.path());
      if (fault.isEmpty()) {
        client.getOutputStream().write(forward(request));
      } else {
        log.atInfo()
            .addKeyValue("path", request.path())
            .addKeyValue("fault", fault.get())
            .log("Planned fault of the fault proxy");
        act(fault.get(), request, client);
      }
      client.getOutputStream().flush();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("Connection through the fault proxy ended early");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void act(Fault fault, Request request, Socket client)
      throws IOException, InterruptedException {
    switch (fault) {
      case Fault.TooManyRequests(var retryAfter, var withProblem) ->
          client.getOutputStream().write(tooMany(retryAfter, withProblem));
      case Fault.ServerError(var status) ->
          client.getOutputStream().write(answer(status, "text/html", "", "<h1>planned fault</h1>"));
      case Fault.Slow(var delay) -> {
        TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        client.getOutputStream().write(forward(request));
      }
      case Fault.CutBefore() -> {}
      case Fault.CutAfter() -> forward(request);
    }
  }

  private Optional<Fault> faultFor(String path) {
    for (Iterator<Planned> planned = plan.iterator(); planned.hasNext(); ) {
      var next = planned.next();
      if (path.contains(next.pathPart()) && next.left().tryAcquire()) {
        return Optional.of(next.fault());
      }
    }
    return Optional.empty();
  }

  private byte[] forward(Request request) throws IOException {
    try (var upstream =
        tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), pebble.port())) {
      request.bytes().writeTo(upstream.getOutputStream());
      upstream.getOutputStream().flush();
      var answer = upstream.getInputStream().readAllBytes();
      if (new String(answer, StandardCharsets.ISO_8859_1).contains(NONCE_REFUSED)) {
        requests.remove(request.came());
      }
      return answer;
    }
  }

  // The request as it came, except that both sides close after it.
  private static Request read(InputStream stream) throws IOException {
    var in = new BufferedInputStream(stream);
    var out = new ByteArrayOutputStream();
    var first = line(in);
    int length = 0;
    put(out, first);
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      var lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
      }
      if (!lower.startsWith("connection:")) {
        put(out, header);
      }
    }
    put(out, "Connection: close");
    put(out, "");
    out.write(in.readNBytes(length));
    var words = first.split(" ");
    if (words.length != 3) {
      throw new IOException("not a request: " + first);
    }
    return new Request(new Came(words[1], Instant.now()), out);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > MAX_HEAD) {
        throw new EOFException("request ended in its head");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static void put(ByteArrayOutputStream out, String line) {
    out.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] tooMany(Duration retryAfter, boolean withProblem) {
    var header = "Retry-After: " + retryAfter.toSeconds() + "\r\n";
    return withProblem
        ? answer(
            429,
            "application/problem+json",
            header,
            """
            {"type":"urn:ietf:params:acme:error:rateLimited","status":429,\
            "detail":"planned fault: too many certificates already issued"}\
            """)
        : answer(429, "text/html", header, "<h1>planned fault</h1>");
  }

  private static byte[] answer(int status, String type, String headers, String body) {
    return "HTTP/1.1 %d Planned Fault\r\nContent-Type: %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        .formatted(status, type, headers, body.length(), body)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
