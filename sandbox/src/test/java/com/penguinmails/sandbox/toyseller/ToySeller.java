package com.penguinmails.sandbox.toyseller;

import com.penguinmails.ports.vps.VpsProviderContract.Fault;
import com.penguinmails.sandbox.vps.Machines;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A simulation of a seller that is as unlike Hostwinds as may be: REST, a bearer token, honest
/// HTTP statuses, servers that can be destroyed but have no names of their own in the DNS. What it
/// sold stays in its file.
final class ToySeller implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String PLACE = "iceberg";
  private static final String IMAGE = "debian-12";
  private static final Map<String, Object> PLAN =
      Map.of("id", "toy-1", "cpus", 1, "memory", 2048, "disk", 20, "cents", 700);

  private final Path file;
  private final String token;
  private final Machines machines;
  private final IntFunction<IpAddress> addresses;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>(); // of the next purchases
  private List<Sold> sold;

  private ToySeller(
      Path file,
      String token,
      Machines machines,
      IntFunction<IpAddress> addresses,
      HttpServer server) {
    this.file = file;
    this.token = token;
    this.machines = machines;
    this.addresses = addresses;
    this.server = server;
    this.sold =
        Files.exists(file) ? JSON.readValue(file, new TypeReference<List<Sold>>() {}) : List.of();
  }

  /// What was sold, for ever.
  ///
  /// @param power `building`, `on`, `off` or `gone`
  record Sold(
      String id, String label, String password, String address, String createdAt, String power) {
    Sold now(String state) {
      return new Sold(id, label, password, address, createdAt, state);
    }

    Sold with(String otherPassword) {
      return new Sold(id, label, otherPassword, address, createdAt, power);
    }
  }

  static ToySeller open(
      Path file, String token, Machines machines, IntFunction<IpAddress> addresses) {
    try {
      var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var seller = new ToySeller(file, token, machines, addresses, http);
      http.createContext("/", seller::serve);
      http.setExecutor(seller.threads);
      http.start();
      return seller;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /// Faults planned together are met one after the other.
  void nextPurchaseMeets(Fault fault) {
    faults.add(fault);
  }

  /// What was charged, ever.
  synchronized int invoices() {
    return sold.size();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
    machines.close();
  }

  private void serve(HttpExchange exchange) {
    try (exchange) {
      var body = JSON.readTree(exchange.getRequestBody().readNBytes(1 << 16));
      var called = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        send(exchange, 401, Map.of("error", "unknown token"));
        return;
      }
      switch (called) {
        case "GET /plans" -> send(exchange, 200, List.of(PLAN));
        case "GET /places" -> send(exchange, 200, List.of(PLACE));
        case "GET /images" -> send(exchange, 200, List.of(IMAGE));
        case "GET /servers" -> send(exchange, 200, living());
        case "POST /servers" -> sell(exchange, body);
        default -> aboutOne(exchange, called.split("/"), body);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sell(HttpExchange exchange, JsonNode order) throws IOException {
    if (!order.path("place").asString("").equals(PLACE)
        || !order.path("image").asString("").equals(IMAGE)
        || !order.path("plan").asString("").equals(PLAN.get("id"))) {
      send(exchange, 422, Map.of("error", "there is no such plan, place or image"));
      return;
    }
    var fault = faults.poll();
    if (fault == Fault.PAGE_INSTEAD) {
      sendPage(exchange);
      return;
    }
    if (fault == Fault.SLOW_DOWN) {
      exchange.getResponseHeaders().set("Retry-After", "60");
      send(exchange, 429, Map.of("error", "slow down"));
      return;
    }
    var server = add(order.path("label").asString());
    threads.execute(() -> run(server));
    if (fault != Fault.ANSWER_LOST) {
      send(exchange, 201, Map.of("id", server.id()));
    }
  }

  private static void sendPage(HttpExchange exchange) throws IOException {
    var page = "<html><h1>We will be back soon</h1></html>".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, page.length);
    exchange.getResponseBody().write(page);
  }

  private void run(Sold server) {
    machines.run(server.id(), new IpAddress(server.address()), server.password());
    change(server.id(), built -> built.now("on"));
  }

  private void aboutOne(HttpExchange exchange, String[] path, JsonNode body) throws IOException {
    var id = path.length > 2 ? path[2] : "";
    var found = living().stream().filter(server -> server.id().equals(id)).findFirst();
    if (found.isEmpty()) {
      send(exchange, 404, Map.of("error", "there is no such server"));
      return;
    }
    var server = found.get();
    switch (path[0].strip() + " " + (path.length > 3 ? path[3] : "")) {
      case "GET " -> {}
      case "DELETE " -> {
        change(id, given -> given.now("gone"));
        machines.remove(id);
      }
      case "PUT on" -> run(server);
      case "PUT off" -> {
        machines.stop(id);
        change(id, on -> on.now("off"));
      }
      case "PUT reset" -> machines.reboot(id);
      case "PUT disk" -> {
        if (!body.path("image").asString("").equals(IMAGE)) {
          send(exchange, 422, Map.of("error", "there is no such image"));
          return;
        }
        var password = UUID.randomUUID().toString();
        change(id, old -> old.with(password));
        machines.reinstall(id, new IpAddress(server.address()), password);
      }
      case "PUT ptr" ->
          machines.setReverseName(
              new IpAddress(server.address()), new DomainName(body.path("name").asString()));
      default -> {
        send(exchange, 404, Map.of("error", "there is no such call"));
        return;
      }
    }
    send(exchange, 200, server);
  }

  private synchronized List<Sold> living() {
    return sold.stream().filter(server -> !server.power().equals("gone")).toList();
  }

  private synchronized Sold add(String label) {
    int number = sold.size();
    var server =
        new Sold(
            "toy-" + number,
            label,
            UUID.randomUUID().toString(),
            addresses.apply(number).value(),
            Instant.now().toString(),
            "building");
    var more = new ArrayList<>(sold);
    more.add(server);
    write(more);
    return server;
  }

  private synchronized void change(String id, UnaryOperator<Sold> how) {
    write(sold.stream().map(one -> one.id().equals(id) ? how.apply(one) : one).toList());
  }

  private void write(List<Sold> next) {
    JSON.writeValue(file, next);
    sold = List.copyOf(next);
  }

  private static void send(HttpExchange exchange, int status, Object body) throws IOException {
    var bytes = JSON.writeValueAsBytes(body);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
