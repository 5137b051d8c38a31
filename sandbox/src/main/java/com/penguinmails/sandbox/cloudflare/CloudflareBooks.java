package com.penguinmails.sandbox.cloudflare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the simulated Cloudflare keeps: zones, their records, and what each token may do. Answers
/// calls in its envelope; a changed RRset goes to the name servers before the answer.
final class CloudflareBooks {
  private static final int MAX_ZONES_A_PAGE = 50;
  private static final int MAX_BATCH = 200; // of a free zone

  /// Codes and messages as Cloudflare's.
  private static final Reply NO_RIGHTS = failure(403, 10_000, "Authentication error");

  private static final Optional<Reply> GONE =
      Optional.of(failure(404, 81_044, "Record does not exist."));

  private final NameServers nameServers;
  private final Map<String, String> zones = new TreeMap<>(); // name to id
  private final Map<String, Token> tokens = new TreeMap<>();
  private final Map<String, Map<String, Map<String, Object>>> records = new TreeMap<>();
  private int ids;

  CloudflareBooks(NameServers nameServers) {
    this.nameServers = nameServers;
  }

  /// @param zone name of the only zone it is for
  record Token(String zone, Right right) {}

  /// What a token may do with its zone.
  enum Right {
    /// Neither see nor read it.
    NONE,
    /// Zone:Read and DNS:Read.
    READ,
    /// Zone:Read and DNS:Edit.
    EDIT
  }

  /// An HTTP status and a body.
  record Reply(int status, Map<String, Object> body) {}

  synchronized void addZone(String name) {
    records.computeIfAbsent(zones.computeIfAbsent(name, _ -> newId()), _ -> new LinkedHashMap<>());
  }

  /// The same zone and right have the same token.
  synchronized String token(String zone, Right right) {
    var token =
        "simulated_%s_%s"
            .formatted(right, UUID.nameUUIDFromBytes(zone.getBytes(UTF_8)))
            .replace("-", "_");
    tokens.put(token, new Token(zone, right));
    return token;
  }

  /// Makes an RRset this behind the API's back.
  synchronized void put(String zone, String name, String type, List<String> contents) {
    var kept = recordsOf(zone);
    kept.values()
        .removeIf(record -> name.equals(record.get("name")) && type.equals(record.get("type")));
    for (var content : contents) {
      var record = new LinkedHashMap<String, Object>();
      record.put("name", name);
      record.put("type", type);
      record.put("ttl", 300);
      if (type.equals("MX")) {
        record.put("priority", Integer.parseInt(content.split(" ")[0], 10));
        record.put("content", content.split(" ")[1]);
      } else {
        record.put("content", content);
      }
      var _ = add(kept, record);
    }
    serve(zone, name, type);
  }

  /// Every record of that name and type goes through the web proxy, as switched on by hand.
  synchronized void proxy(String zone, String name, String type) {
    recordsOf(zone).values().stream()
        .filter(record -> name.equals(record.get("name")) && type.equals(record.get("type")))
        .forEach(record -> record.put("proxied", true));
  }

  /// Name, type and value of each record of the zone, by id.
  synchronized Map<String, String> records(String zone) {
    var found = new TreeMap<String, String>();
    recordsOf(zone)
        .forEach((id, record) ->
            found.put(
                id,
                "%s %s %s"
                    .formatted(
                        record.get("name"), record.get("type"), CloudflareContent.value(record))));
    return found;
  }

  synchronized Reply zones(String token, Map<String, String> query) {
    var known = tokens.get(token);
    if (known == null) {
      return failure(403, 9_109, "Invalid access token");
    }
    int perPage = Integer.parseInt(query.getOrDefault("per_page", "20"), 10);
    if (perPage > MAX_ZONES_A_PAGE) {
      return failure(400, 6_000, "per_page is at most " + MAX_ZONES_A_PAGE);
    }
    var asked = query.getOrDefault("name", "");
    var id = zones.get(asked);
    boolean isSeen = id != null && known.zone().equals(asked) && known.right() != Right.NONE;
    List<Map<String, Object>> seen =
        isSeen
            ? List.of(
                Map.of(
                    "id",
                    id,
                    "name",
                    asked,
                    "status",
                    "active",
                    "name_servers",
                    nameServers.names()))
            : List.of();
    return page(seen, query);
  }

  synchronized Reply records(String token, String zoneId, Map<String, String> query) {
    var zone = zoneFor(token, zoneId, Right.READ);
    if (zone.isEmpty()) {
      return NO_RIGHTS;
    }
    var found =
        recordsOf(zone.get()).values().stream()
            .filter(record -> isAsked(query.get("name.exact"), record.get("name")))
            .filter(record -> isAsked(query.get("type"), record.get("type")))
            .toList();
    return page(found, query);
  }

  private static boolean isAsked(@Nullable String filter, @Nullable Object value) {
    return filter == null || filter.equals(value);
  }

  /// All of it or nothing: deletes, then patches, then posts.
  synchronized Reply batch(
      String token, String zoneId, Map<String, List<Map<String, Object>>> orders) {
    var zone = zoneFor(token, zoneId, Right.EDIT);
    if (zone.isEmpty()) {
      return NO_RIGHTS;
    }
    if (orders.values().stream().mapToInt(List::size).sum() > MAX_BATCH) {
      // The limit is Cloudflare's; the number and the words are ours, its own are not published.
      return failure(400, 81_056, "Too many records in one batch.");
    }
    var before = recordsOf(zone.get());
    var after = new LinkedHashMap<String, Map<String, Object>>();
    before.forEach((id, record) -> after.put(id, new LinkedHashMap<>(record)));
    var failed =
        orders.getOrDefault("deletes", List.of()).stream()
            .map(order -> delete(after, order))
            .flatMap(Optional::stream)
            .findFirst()
            .or(() ->
                orders.getOrDefault("patches", List.of()).stream()
                    .map(order -> change(after, order))
                    .flatMap(Optional::stream)
                    .findFirst())
            .or(() ->
                orders.getOrDefault("posts", List.of()).stream()
                    .map(order -> create(zone.get(), after, order))
                    .flatMap(Optional::stream)
                    .findFirst());
    if (failed.isPresent()) {
      return failed.get();
    }
    records.put(zoneId, after);
    try {
      serveChanged(zone.get(), before, after);
    } catch (RuntimeException e) { // books and name servers say the same, or nothing
      records.put(zoneId, before);
      throw e;
    }
    return success(Map.of());
  }

  private static Optional<Reply> delete(
      Map<String, Map<String, Object>> kept, Map<String, Object> order) {
    return kept.remove(String.valueOf(order.get("id"))) == null ? GONE : Optional.empty();
  }

  /// Changes the fields that are given.
  private static Optional<Reply> change(
      Map<String, Map<String, Object>> kept, Map<String, Object> order) {
    var record = kept.get(String.valueOf(order.get("id")));
    if (record == null) {
      return GONE;
    }
    record.putAll(order);
    return Optional.empty();
  }

  private Optional<Reply> create(
      String zone, Map<String, Map<String, Object>> kept, Map<String, Object> record) {
    var name = String.valueOf(record.get("name"));
    boolean isAlias = "CNAME".equals(record.get("type"));
    boolean isApex = name.equals(zone); // an alias there is flattened
    boolean isConflict =
        !isApex
            && kept.values().stream()
                .filter(other -> name.equals(other.get("name")))
                .anyMatch(other -> isAlias != "CNAME".equals(other.get("type")));
    if (isConflict) {
      return Optional.of(
          failure(400, 81_053, "An A, AAAA, or CNAME record with that host already exists."));
    }
    if (kept.values().stream().anyMatch(other -> isSame(other, record))) {
      return Optional.of(failure(400, 81_058, "An identical record already exists."));
    }
    var _ = add(kept, record);
    return Optional.empty();
  }

  private void serveChanged(
      String zone,
      Map<String, Map<String, Object>> before,
      Map<String, Map<String, Object>> after) {
    Stream.concat(before.values().stream(), after.values().stream())
        .filter(record ->
            !record.equals(before.get(record.get("id")))
                || !record.equals(after.get(record.get("id"))))
        .map(record ->
            List.of(String.valueOf(record.get("name")), String.valueOf(record.get("type"))))
        .distinct()
        .forEach(set -> serve(zone, set.get(0), set.get(1)));
  }

  private Optional<String> zoneFor(String token, String zoneId, Right least) {
    return Optional.ofNullable(tokens.get(token))
        .filter(known -> known.right().compareTo(least) >= 0)
        .map(Token::zone)
        .filter(zone -> zoneId.equals(zones.get(zone)));
  }

  private void serve(String zone, String name, String type) {
    var values = new ArrayList<String>();
    recordsOf(zone).values().stream()
        .filter(record -> name.equals(record.get("name")) && type.equals(record.get("type")))
        .forEach(record -> values.add(CloudflareContent.value(record)));
    nameServers.serve(zone, name, type, values);
  }

  private Map<String, Map<String, Object>> recordsOf(String zone) {
    return Optional.ofNullable(zones.get(zone)).map(records::get).orElseThrow();
  }

  private Map<String, Object> add(
      Map<String, Map<String, Object>> kept, Map<String, Object> record) {
    var id = newId();
    record.put("id", id);
    kept.put(id, record);
    return record;
  }

  private String newId() {
    ids++;
    return "%032x".formatted(ids);
  }

  private static boolean isSame(Map<String, Object> one, Map<String, Object> other) {
    return List.of("name", "type", "content", "data", "priority").stream()
        .allMatch(field -> String.valueOf(one.get(field)).equals(String.valueOf(other.get(field))));
  }

  private static Reply page(List<Map<String, Object>> all, Map<String, String> query) {
    int page = Integer.parseInt(query.getOrDefault("page", "1"), 10);
    int perPage = Integer.parseInt(query.getOrDefault("per_page", "100"), 10);
    var answer = success(all.stream().skip((long) (page - 1) * perPage).limit(perPage).toList());
    answer
        .body()
        .put(
            "result_info",
            Map.of(
                "page",
                page,
                "per_page",
                perPage,
                "total_count",
                all.size(),
                "total_pages",
                Math.max(1, Math.ceilDiv(all.size(), perPage))));
    return answer;
  }

  private static Reply success(Object result) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("success", true);
    answer.put("errors", List.of());
    answer.put("messages", List.of());
    answer.put("result", result);
    return new Reply(200, answer);
  }

  static Reply failure(int status, int code, String message) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("success", false);
    answer.put("errors", List.of(Map.of("code", code, "message", message)));
    answer.put("messages", List.of());
    return new Reply(status, answer);
  }
}
