package com.penguinmails.sandbox.cloudflare;

import com.penguinmails.sandbox.cloudflare.CloudflareBooks.Reply;
import com.penguinmails.sandbox.cloudflare.CloudflareBooks.Right;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// A simulation of Cloudflare's API v4 as far as zones and DNS records go: tokens that see some
/// zones, records with ids, pages, conflicts with aliases, and faults on purpose. Zones live as
/// long as it does.
public final class SimulatedCloudflare implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedCloudflare.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, List<Map<String, Object>>>> BATCH =
      new TypeReference<>() {};
  private static final String BASE = "/client/v4";

  private final HttpServer server;
  private final CloudflareBooks books;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentLinkedQueue<Optional<Fault>> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger calls = new AtomicInteger(); // that are being answered

  private SimulatedCloudflare(HttpServer server, NameServers nameServers) {
    this.server = server;
    this.books = new CloudflareBooks(nameServers);
  }

  /// The API alone, on any port.
  public static SimulatedCloudflare start() {
    return start(0, NameServers.silent());
  }

  /// The API, and name servers that answer with what it was told.
  public static SimulatedCloudflare start(int port, NameServers nameServers) {
    try {
      var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      var simulation = new SimulatedCloudflare(HttpServer.create(loopback, 64), nameServers);
      simulation.server.createContext(BASE, simulation::serve);
      simulation.server.setExecutor(simulation.threads);
      simulation.server.start();
      return simulation;
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated Cloudflare did not start", e);
    }
  }

  /// What may happen to the next call, on purpose.
  public sealed interface Fault {
    /// HTTP 429 with Retry-After; nothing was done.
    record TooMany(Duration retryAfter) implements Fault {}

    /// An HTML page with HTTP 502; nothing was done.
    record Html() implements Fault {}

    /// `success` is false with HTTP 200; nothing was done.
    record FailedWith200() implements Fault {}

    /// The connection ends before the call was heard.
    record CutBefore() implements Fault {}

    /// Done, and the answer is lost.
    record AnswerLost() implements Fault {}

    /// Heard and answered properly, but late, also when nobody waits for the answer any more.
    record Slow(Duration delay) implements Fault {}
  }

  /// What the client is told.
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + BASE);
  }

  /// Adds a zone. The same zone twice is one.
  ///
  /// @return a token that may read and edit it
  public String addZone(String name) {
    books.addZone(name);
    return books.token(name, Right.EDIT);
  }

  /// A token that may read the zone and its records, and change nothing.
  public String readingToken(String zone) {
    return books.token(zone, Right.READ);
  }

  /// A token without a right to the zone or any other.
  public String powerlessToken(String zone) {
    return books.token(zone, Right.NONE);
  }

  public void plan(Fault fault) {
    planAfter(0, fault);
  }

  /// The fault happens to a later call; those before it go well.
  public void planAfter(int calls, Fault fault) {
    IntStream.range(0, calls).forEach(_ -> faults.add(Optional.empty()));
    faults.add(Optional.of(fault));
  }

  /// Whether no call is on its way any more, heard or not.
  public boolean isIdle() {
    return calls.get() == 0;
  }

  /// Makes an RRset this, by hand, as the tenant would in the dashboard.
  ///
  /// @param contents as the API writes them
  public void put(String zone, String name, String type, String... contents) {
    books.put(zone, name, type, List.of(contents));
  }

  /// Sends an RRset through the web proxy, as the tenant would in the dashboard.
  public void proxy(String zone, String name, String type) {
    books.proxy(zone, name, type);
  }

  /// What a zone holds, by the records' ids: name, type and value. One that was written anew has
  /// another id.
  public Map<String, String> records(String zone) {
    return books.records(zone);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) {
    calls.incrementAndGet();
    try (exchange) {
      var fault = Optional.ofNullable(faults.poll()).flatMap(planned -> planned);
      if (fault.isPresent()) {
        spoil(exchange, fault.get());
      } else {
        send(exchange, answer(exchange));
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("A caller of the simulated Cloudflare went away");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) { // the caller sees no answer
      LOG.atWarn().setCause(e).log("The simulated Cloudflare could not answer");
    } finally {
      calls.decrementAndGet();
    }
  }

  private void spoil(HttpExchange exchange, Fault fault) throws IOException, InterruptedException {
    switch (fault) {
      case Fault.TooMany(var retryAfter) -> {
        exchange.getResponseHeaders().set("Retry-After", Long.toString(retryAfter.toSeconds()));
        send(exchange, CloudflareBooks.failure(429, 10_013, "rate limited"));
      }
      case Fault.Html() -> text(exchange, 502, "text/html", "<html>Bad gateway</html>");
      case Fault.FailedWith200() ->
          send(exchange, CloudflareBooks.failure(200, 7_003, "Could not route"));
      case Fault.CutBefore() -> {} // closed without a word
      case Fault.AnswerLost() -> {
        var _ = answer(exchange);
      }
      case Fault.Slow(var delay) -> {
        Thread.sleep(delay);
        send(exchange, answer(exchange));
      }
    }
  }

  private Reply answer(HttpExchange exchange) throws IOException {
    var token =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
            .filter(header -> header.startsWith("Bearer "))
            .map(header -> header.substring("Bearer ".length()))
            .orElse("");
    if (token.isEmpty()) {
      return CloudflareBooks.failure(400, 6_003, "Invalid request headers");
    }
    var path = exchange.getRequestURI().getPath().substring(BASE.length()).split("/", -1);
    var query = query(exchange.getRequestURI());
    if (path.length == 2) {
      return books.zones(token, query);
    }
    return switch (exchange.getRequestMethod()) {
      case "GET" -> books.records(token, path[2], query);
      case "POST" ->
          books.batch(
              token, path[2], JSON.readValue(exchange.getRequestBody().readAllBytes(), BATCH));
      default -> CloudflareBooks.failure(405, 10_405, "Method not allowed");
    };
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    text(exchange, reply.status(), "application/json", JSON.writeValueAsString(reply.body()));
  }

  private static void text(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> query(URI uri) {
    var fields = new TreeMap<String, String>();
    Arrays.stream(Optional.ofNullable(uri.getRawQuery()).orElse("").split("&", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> fields.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    return fields;
  }
}
