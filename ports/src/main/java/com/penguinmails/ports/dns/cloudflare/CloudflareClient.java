package com.penguinmails.ports.dns.cloudflare;

import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls of Cloudflare's API v4 with a token. An answer says `success`, and if not, `errors` with
/// numbers and messages; those messages are Cloudflare's own and hold no secret. Whoever calls
/// below `/zones/<id>` has found the zone with this token, so a 403 there is about rights, not
/// about the token: Cloudflare says "Authentication error" (10000) for both.
final class CloudflareClient {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final MediaType BODY = MediaType.get("application/json");
  private static final int MAX_ANSWER = 4 * 1024 * 1024;
  private static final int MAX_PAGES = 50;
  private static final int MAX_SHOWN = 300;
  private static final Duration TOO_MANY = Duration.ofMinutes(5); // what its limit counts over

  /// The header with the token cannot be read, or no token is like this.
  private static final Set<Integer> NO_TOKEN = Set.of(1_000, 6_003, 6_111, 9_106, 9_107);

  /// It is there already, or gone already: somebody else, or an attempt of ours whose answer was
  /// lost.
  private static final Set<Integer> OVERTAKEN = Set.of(81_044, 81_057, 81_058);

  private final HttpUrl base;
  private final String token;
  private final OkHttpClient http;

  CloudflareClient(URI base, String token, OkHttpClient http) {
    this.base = Optional.ofNullable(HttpUrl.get(base)).orElseThrow();
    this.token = token;
    this.http = http;
  }

  /// All pages of a list.
  ///
  /// @param perPage how many a page is to have
  List<JsonNode> list(String what, List<String> path, Map<String, String> query, int perPage) {
    var found = new ArrayList<JsonNode>();
    for (int page = 1; page <= MAX_PAGES; page++) {
      var url = url(path);
      query.forEach(url::addQueryParameter);
      url.addQueryParameter("page", Integer.toString(page));
      url.addQueryParameter("per_page", Integer.toString(perPage));
      var body = call(what, path, new Request.Builder().url(url.build()).get());
      body.path("result").values().forEach(found::add);
      if (page >= body.path("result_info").path("total_pages").asInt(1)) {
        return found;
      }
    }
    throw new Unavailable(what + ": Cloudflare's list is longer than " + MAX_PAGES * perPage);
  }

  void post(String what, List<String> path, Object body) {
    var json = RequestBody.create(JSON.writeValueAsString(body), BODY);
    call(what, path, new Request.Builder().url(url(path).build()).post(json));
  }

  private HttpUrl.Builder url(List<String> path) {
    var url = base.newBuilder();
    path.forEach(url::addPathSegment);
    return url;
  }

  private JsonNode call(String what, List<String> path, Request.Builder request) {
    try (var response =
        http.newCall(request.header("Authorization", "Bearer " + token).build()).execute()) {
      return read(what, path, response);
    } catch (IOException e) {
      throw new Unavailable(
          what + ": Cloudflare did not answer (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private static JsonNode read(String what, List<String> path, Response response)
      throws IOException {
    if (response.code() == 429) {
      throw new RateLimited(what + ": Cloudflare asks us to wait", retryAfter(response));
    }
    var text = response.peekBody(MAX_ANSWER + 1L).string();
    if (text.length() > MAX_ANSWER) {
      throw new Unavailable(what + ": Cloudflare's answer is too long");
    }
    JsonNode body;
    try {
      body = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new Unavailable(
          "%s: Cloudflare answered HTTP %d with something that is no JSON"
              .formatted(what, response.code()));
    }
    if (response.isSuccessful() && body.path("success").asBoolean(false)) {
      return body;
    }
    throw refusal(what, path, response.code(), body);
  }

  private static RuntimeException refusal(
      String what, List<String> path, int status, JsonNode body) {
    var codes =
        body.path("errors").values().stream().map(error -> error.path("code").asInt(0)).toList();
    var said = said(body);
    if (status >= 500 || status < 400 || codes.stream().anyMatch(OVERTAKEN::contains)) {
      return new Unavailable("%s: Cloudflare answered HTTP %d: %s".formatted(what, status, said));
    }
    if (status == 401 || codes.stream().anyMatch(NO_TOKEN::contains)) {
      return unknownToken(what, said);
    }
    if (status == 403) {
      return path.size() == 1
          ? unknownToken(what, said)
          : new Refused(
              "%s: Cloudflare does not let the token do this: %s. It needs %s"
                  .formatted(what, said, CloudflareDnsProvider.RIGHTS));
    }
    return new Refused("%s: Cloudflare said %s".formatted(what, said));
  }

  private static Refused unknownToken(String what, String said) {
    return new Refused(
        FailureType.LOGIN_REFUSED,
        "%s: Cloudflare does not accept the token: %s. It may be mistyped, ended, rolled or bound to"
                .formatted(what, said)
            + " other addresses, or may read no zone at all. It needs "
            + CloudflareDnsProvider.RIGHTS);
  }

  /// Errors come in a list, each perhaps with a chain of its own that says more.
  private static String said(JsonNode body) {
    var said =
        body.path("errors").values().stream()
            .flatMap(error ->
                Stream.concat(Stream.of(error), error.path("error_chain").values().stream()))
            .map(error ->
                "%s (%d)"
                    .formatted(
                        error.path("message").asString("no message"), error.path("code").asInt(0)))
            .collect(Collectors.joining("; "));
    if (said.isEmpty()) {
      return "nothing about why";
    }
    return said.length() > MAX_SHOWN ? said.substring(0, MAX_SHOWN) + "…" : said;
  }

  private static Duration retryAfter(Response response) {
    return Optional.ofNullable(response.header("Retry-After"))
        .filter(header -> header.matches("\\d{1,5}"))
        .map(header -> Duration.ofSeconds(Long.parseLong(header)))
        .orElse(TOO_MANY);
  }
}
