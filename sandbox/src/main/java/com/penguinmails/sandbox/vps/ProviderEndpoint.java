package com.penguinmails.sandbox.vps;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// The HTTP side of the simulated provider: forms in, envelopes out, and the faults in between.
final class ProviderEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderEndpoint.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String EVERY = "*";
  private static final int MAX_FORM = 64 * 1024;
  private static final String HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String apiKey;
  private final Handler handler;
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final List<Planned> plan = new ArrayList<>();

  /// Answers an action; when it is pretended, nothing happens.
  @FunctionalInterface
  interface Handler {
    Object answer(String action, Map<String, String> form, boolean isPretended);
  }

  private record Planned(String action, ProviderFault fault, AtomicInteger left) {}

  private ProviderEndpoint(HttpServer server, String apiKey, Handler handler) {
    this.server = server;
    this.apiKey = apiKey;
    this.handler = handler;
  }

  static ProviderEndpoint open(int port, String apiKey, Handler handler) {
    try {
      var http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
      var endpoint = new ProviderEndpoint(http, apiKey, handler);
      http.createContext("/cloud/api.php", endpoint::serve);
      http.setExecutor(endpoint.threads);
      http.start();
      return endpoint;
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated provider did not start", e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/cloud/api.php");
  }

  synchronized void plan(String action, ProviderFault fault, int times) {
    plan.add(new Planned(action, fault, new AtomicInteger(times)));
  }

  synchronized void heal() {
    plan.clear();
  }

  int calls(String action) {
    return calls.getOrDefault(action, new AtomicInteger()).get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private synchronized Optional<ProviderFault> faultFor(String action) {
    for (var planned : plan) {
      boolean isMeant = planned.action().equals(action) || planned.action().equals(EVERY);
      if (isMeant && planned.left().getAndDecrement() > 0) {
        return Optional.of(planned.fault());
      }
    }
    return Optional.empty();
  }

  private void serve(HttpExchange exchange) {
    try (exchange) {
      var form = form(exchange);
      var action = form.getOrDefault("action", "");
      calls.computeIfAbsent(action, _ -> new AtomicInteger()).incrementAndGet();
      if (!form.getOrDefault("API", "").equals(apiKey)) {
        forbid(exchange);
        return;
      }
      answer(exchange, action, form, faultFor(action));
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("A caller of the simulated provider went away");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(
      HttpExchange exchange, String action, Map<String, String> form, Optional<ProviderFault> fault)
      throws IOException, InterruptedException {
    switch (fault.orElse(null)) {
      case null -> json(exchange, 200, handler.answer(action, form, false));
      case ProviderFault.SaysNo no ->
          json(exchange, 200, HostwindsAnswers.error(action, no.message(), "1"));
      case ProviderFault.NotAuthorized _ -> forbid(exchange);
      case ProviderFault.AsksToWait wait -> {
        exchange
            .getResponseHeaders()
            .set("Retry-After", Long.toString(wait.retryAfter().toSeconds()));
        send(exchange, 429, "text/html", HTML);
      }
      case ProviderFault.Html html -> send(exchange, html.status(), "text/html", HTML);
      case ProviderFault.CutBefore _ -> {} // closed without a word
      case ProviderFault.AnswerLost _ -> handler.answer(action, form, false);
      case ProviderFault.HtmlAfter html -> {
        handler.answer(action, form, false);
        send(exchange, html.status(), "text/html", HTML);
      }
      case ProviderFault.Slow slow -> {
        Thread.sleep(slow.delay());
        json(exchange, 200, handler.answer(action, form, false));
      }
      case ProviderFault.Pretend _ -> json(exchange, 200, handler.answer(action, form, true));
      case ProviderFault.ListsNothing _ -> json(exchange, 200, HostwindsAnswers.success(Map.of()));
      case ProviderFault.Strikes strikes -> {
        if (strikes.isHeard()) {
          handler.answer(action, form, false);
        }
        strikes.strike().run();
      }
      case ProviderFault.Twice _ -> {
        handler.answer(action, form, false);
        json(exchange, 200, handler.answer(action, form, false));
      }
    }
  }

  private static void forbid(HttpExchange exchange) throws IOException {
    json(exchange, 403, List.of(HostwindsAnswers.element("error", "", "Not Authorized!")));
  }

  private static void json(HttpExchange exchange, int status, Object body) throws IOException {
    send(exchange, status, "application/json", JSON.writeValueAsString(body));
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> form(HttpExchange exchange) throws IOException {
    var text = new String(exchange.getRequestBody().readNBytes(MAX_FORM), StandardCharsets.UTF_8);
    var form = new TreeMap<String, String>();
    Arrays.stream(text.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> form.put(decoded(pair[0]), decoded(pair[1])));
    return form;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
