package com.penguinmails.ports.dns.cloudflare;

import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordQuestion;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;
import tools.jackson.databind.JsonNode;

/// A zone kept at Cloudflare (API v4, https://developers.cloudflare.com/api/). Records are
/// replaced, added and deleted by their ids, all in one batch (at most 200 records in a free zone,
/// https://developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes); there is
/// no compare-and-set, so the RRsets are read right before and right after. A token has 1,200 calls
/// in five minutes, for all of its zones. One access is used by one thread.
public final class CloudflareDnsProvider implements DnsProvider {
  /// What a token needs, as Cloudflare's page for tokens names it.
  static final String RIGHTS =
      "the permissions Zone:Read and DNS:Edit for this zone (Zone - Zone - Read and Zone - DNS -"
          + " Edit on its page for API tokens)";

  private static final int ZONES_PAGE = 50; // the most a list of zones gives
  private static final int PAGE = 1_000; // of some 600 bytes each

  private final DomainName zone;
  private final CloudflareClient client;
  private Optional<Found> found = Optional.empty();

  private CloudflareDnsProvider(DomainName zone, CloudflareClient client) {
    this.zone = zone;
    this.client = client;
  }

  @Override
  public DomainName zone() {
    return zone;
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public List<DnsRecord> read(Collection<RecordQuestion> questions) {
    return fetch(questions).values().stream()
        .flatMap(records -> understood(records).stream())
        .toList();
  }

  private static List<DnsRecord> understood(List<JsonNode> records) {
    return records.stream().map(CloudflareRecords::fromWire).flatMap(Optional::stream).toList();
  }

  /// Several are picked from the whole zone: one call instead of one for each.
  private Map<RecordQuestion, List<JsonNode>> fetch(Collection<RecordQuestion> questions) {
    if (questions.isEmpty()) {
      return Map.of();
    }
    var what =
        questions.stream()
            .findFirst()
            .filter(_ -> questions.size() == 1)
            .map(one -> "reading " + one.name() + " " + one.type())
            .orElse("reading all records");
    var records =
        client.list(what, List.of("zones", found().id(), "dns_records"), filter(questions), PAGE);
    var answers = new LinkedHashMap<RecordQuestion, List<JsonNode>>();
    for (var question : questions) {
      answers.put(question, records.stream().filter(record -> isAnswer(record, question)).toList());
    }
    answers.forEach(this::requireDirect);
    return answers;
  }

  private static Map<String, String> filter(Collection<RecordQuestion> questions) {
    return questions.size() == 1
        ? questions.stream()
            .findFirst()
            .map(one -> Map.of("name.exact", one.name().value(), "type", one.type().name()))
            .orElseThrow()
        : Map.of();
  }

  private boolean isAnswer(JsonNode record, RecordQuestion question) {
    // An alias of the zone itself is answered as addresses ("flattened"): others fit beside it.
    boolean isFlattened =
        question.type() == DnsRecord.Type.CNAME && question.name().value().equals(zone.value());
    return !isFlattened
        && record.path("type").asString("").equals(question.type().name())
        && record.path("name").asString("").equalsIgnoreCase(question.name().value());
  }

  private void requireDirect(RecordQuestion question, List<JsonNode> records) {
    if (records.stream().anyMatch(record -> record.path("proxied").asBoolean(false))) {
      throw new Refused(
          "%s %s in zone %s is proxied at Cloudflare: the world sees addresses of Cloudflare's, and"
                  .formatted(question.name(), question.type(), zone)
              + " mail does not pass there. Set the record to \"DNS only\", or delete it");
    }
  }

  @Override
  public void change(List<Change> changes) {
    var due = changes.stream().filter(change -> !change.isEmpty()).toList();
    if (due.isEmpty()) {
      return;
    }
    var what = Change.shown(due);
    var sets = due.stream().map(Change::set).toList();
    var there = fetch(sets);
    var batch = new Batch();
    for (var change : due) {
      var records = there.getOrDefault(change.set(), List.of());
      requireSame(change.set(), change.expected(), understood(records), what);
      batch.take(change, records);
    }
    client.post(what, List.of("zones", found().id(), "dns_records", "batch"), batch.body());
    var after = fetch(sets);
    due.forEach(change ->
        requireSame(
            change.set(),
            change.wanted(),
            understood(after.getOrDefault(change.set(), List.of())),
            what + ", accepted,"));
  }

  /// Done in one transaction: what is deleted first, then what is replaced, then what is added.
  private static final class Batch {
    private final List<Object> deletes = new ArrayList<>();
    private final List<Object> patches = new ArrayList<>();
    private final List<Object> posts = new ArrayList<>();

    void take(Change change, List<JsonNode> there) {
      var add = change.add();
      var leaving = there.stream().filter(record -> isOneOf(record, change.remove())).toList();
      int replaced = Math.min(add.size(), leaving.size());
      for (int i = 0; i < replaced; i++) {
        var patch = new LinkedHashMap<>(CloudflareRecords.toWire(add.get(i)));
        patch.put("id", idOf(leaving.get(i)));
        patches.add(patch);
      }
      add.stream().skip(replaced).map(CloudflareRecords::toWire).forEach(posts::add);
      leaving.stream().skip(replaced).map(one -> Map.of("id", idOf(one))).forEach(deletes::add);
    }

    private static String idOf(JsonNode record) {
      return record.path("id").asString();
    }

    Map<String, Object> body() {
      return Map.of("deletes", deletes, "patches", patches, "posts", posts);
    }
  }

  private static boolean isOneOf(JsonNode record, List<DnsRecord> records) {
    return CloudflareRecords.fromWire(record)
        .filter(one -> records.stream().anyMatch(one::isSameAs))
        .isPresent();
  }

  private void requireSame(
      RecordQuestion set, List<DnsRecord> expected, List<DnsRecord> there, String what) {
    if (!new Change(set, expected, there).isEmpty()) {
      throw new Unavailable(
          "%s in zone %s at Cloudflare: it holds something else than expected; it is read again"
              .formatted(what, zone));
    }
  }

  @Override
  public List<String> nameServers() {
    return found().nameServers();
  }

  private Found found() {
    if (found.isEmpty()) {
      found = Optional.of(find());
    }
    return found.get();
  }

  /// A name may be there more than once: moved away from one account, active in another.
  private Found find() {
    var zones =
        client.list(
            "looking for zone " + zone, List.of("zones"), Map.of("name", zone.value()), ZONES_PAGE);
    var one =
        zones.stream()
            .filter(candidate -> candidate.path("status").asString("").equals("active"))
            .findFirst()
            .or(() -> zones.stream().findFirst())
            .orElseThrow(() ->
                new Refused(
                    "the token sees no zone %s at Cloudflare: add the domain to the account it was"
                            .formatted(zone)
                        + " made in, or give the token "
                        + RIGHTS));
    var servers = new ArrayList<String>();
    for (var field : List.of("name_servers", "vanity_name_servers")) {
      one.path(field).values().forEach(name -> servers.add(host(name.asString(""))));
    }
    return new Found(one.path("id").asString(""), servers);
  }

  private static String host(String name) {
    return name.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
  }

  /// A zone as Cloudflare keeps it.
  private record Found(String id, List<String> nameServers) {
    Found {
      nameServers = List.copyOf(nameServers);
    }
  }

  /// Opens zones from the secret's field `token`.
  public static final class Factory implements DnsProvider.Factory {
    /// As the API and the database have it.
    public static final String KIND = "cloudflare";

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final URI api;
    private final OkHttpClient http;

    /// @param api `https://api.cloudflare.com/client/v4`, or a simulation's
    public Factory(URI api) {
      this(api, TIMEOUT);
    }

    /// Against a simulation: with less patience.
    public Factory(URI api, Duration timeout) {
      this.api = api;
      this.http =
          new OkHttpClient.Builder()
              .followRedirects(false)
              .retryOnConnectionFailure(false)
              .callTimeout(timeout)
              .build();
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public DnsProvider open(
        DomainName zone, Map<String, String> settings, Map<String, String> secret) {
      var token = secret.getOrDefault("token", "");
      if (token.isBlank()) {
        throw new IllegalArgumentException("cloudflare needs \"token\"");
      }
      return new CloudflareDnsProvider(zone, new CloudflareClient(api, token, http));
    }
  }
}
