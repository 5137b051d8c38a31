package com.penguinmails.ports.vps.hostwinds;

import com.penguinmails.ports.vps.CallRate;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.Dns;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One call after the other of Hostwinds' Cloud API: a form goes in, an envelope comes out. Errors
/// come with HTTP 200; upstream trouble comes as HTML. Error codes drive nothing: they are not
/// documented.
final class HostwindsClient {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MAX_ANSWER = 4 * 1024 * 1024;
  private static final int MAX_SHOWN = 200;
  private static final Duration TOO_MANY = Duration.ofMinutes(1); // when no Retry-After says so
  // The documentation recommends two a second; the real limits are not documented.
  private static final double CALLS_PER_SECOND = 2;

  private final URI url;
  private final Supplier<String> key;
  private final OkHttpClient http;
  private final CallRate rate;

  /// @param key asked for at each call, so that another one counts at once
  HostwindsClient(URI url, Supplier<String> key, CallRate rate, Duration timeout) {
    this.url = url;
    this.key = key;
    this.rate = rate;
    this.http =
        new OkHttpClient.Builder()
            .dns(HostwindsClient::onlyV4)
            .followRedirects(false) // the key is in the form
            .retryOnConnectionFailure(false) // a purchase must not be sent twice behind our back
            .connectTimeout(Duration.ofSeconds(10))
            .callTimeout(timeout)
            .build();
  }

  static HostwindsClient of(URI url, Supplier<String> key) {
    return new HostwindsClient(
        url, key, CallRate.perSecond(CALLS_PER_SECOND), Duration.ofSeconds(60));
  }

  /// Keys are bound to a list of IPv4 addresses: over IPv6 the same caller is refused.
  static List<InetAddress> onlyV4(String host) throws UnknownHostException {
    return Dns.SYSTEM.lookup(host).stream().filter(Inet4Address.class::isInstance).toList();
  }

  /// Calls once, whatever happens.
  ///
  /// @param what for messages: `buying pm-…`
  /// @return the body: an array, or an object
  JsonNode call(String what, String action, Map<String, String> fields) {
    var form = new FormBody.Builder().add("API", key.get()).add("action", action);
    fields.forEach(form::add);
    var request = new Request.Builder().url(url.toString()).post(form.build()).build();
    rate.await();
    try (var response = http.newCall(request).execute()) {
      return read(what, response);
    } catch (IOException e) {
      throw new Unavailable(what + ": Hostwinds did not answer (" + e.getMessage() + ")", e);
    }
  }

  private JsonNode read(String what, Response response) throws IOException {
    if (response.code() == 429) {
      throw new RateLimited(what + ": Hostwinds asks us to wait", retryAfter(response));
    }
    var text = response.peekBody(MAX_ANSWER + 1L).string();
    if (text.length() > MAX_ANSWER) {
      throw new Unavailable(what + ": Hostwinds' answer is longer than " + MAX_ANSWER + " bytes");
    }
    JsonNode body;
    try {
      body = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new Unavailable(
          "%s: Hostwinds answered HTTP %d with something that is no JSON"
              .formatted(what, response.code()));
    }
    refuse(what, body);
    if (response.code() == 401 || response.code() == 403) {
      throw notAuthorized(what);
    }
    if (!response.isSuccessful() || !body.isContainer()) {
      throw new Unavailable(what + ": Hostwinds answered HTTP " + response.code());
    }
    return body;
  }

  private static Duration retryAfter(Response response) {
    return Optional.ofNullable(response.header("Retry-After"))
        .filter(header -> header.matches("\\d{1,5}"))
        .map(header -> Duration.ofSeconds(Long.parseLong(header)))
        .orElse(TOO_MANY);
  }

  /// Any element that says `error` is a failure of the whole call.
  private static void refuse(String what, JsonNode body) {
    for (var element : body.isArray() ? body : List.of(body)) {
      if (element.path("result").asString("").toLowerCase(Locale.ROOT).equals("error")) {
        var message = clean(element.path("message").asString("without a reason"));
        if (message.toLowerCase(Locale.ROOT).startsWith("not authorized")) {
          throw notAuthorized(what);
        }
        throw new Refused("%s: Hostwinds said \"%s\"".formatted(what, message));
      }
    }
  }

  private static Refused notAuthorized(String what) {
    return new Refused(
        FailureType.LOGIN_REFUSED,
        what
            + ": Hostwinds does not take our API key from this address. Keys end after about a"
            + " year and are bound to a list of IPv4 addresses: check both in the portal");
  }

  /// Messages carry markup at times.
  private static String clean(String message) {
    var plain = message.replaceAll("<[^>]{0,100}>", " ").replaceAll("\\s+", " ").strip();
    return plain.length() > MAX_SHOWN ? plain.substring(0, MAX_SHOWN) + "…" : plain;
  }
}
