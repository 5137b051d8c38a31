package com.penguinmails.ports.dns.cloudflare;

import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;
import tools.jackson.databind.JsonNode;

/// A zone kept at Cloudflare (API v4, https://developers.cloudflare.com/api/). Records are
/// replaced, added and deleted one by one, by their ids; there is no compare-and-set, so the RRset
/// is read right before and right after. One access is used by one thread.
public final class CloudflareDnsProvider implements DnsProvider {
  /// What a token needs, as Cloudflare's page for tokens names it.
  static final String RIGHTS =
      "the permissions Zone:Read and DNS:Edit for this zone (Zone - Zone - Read and Zone - DNS -"
          + " Edit on its page for API tokens)";

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
  public List<DnsRecord> read(RecordName name, DnsRecord.Type type) {
    return understood(fetch(name, type));
  }

  private static List<DnsRecord> understood(List<JsonNode> records) {
    return records.stream().map(CloudflareRecords::fromWire).flatMap(Optional::stream).toList();
  }

  private List<JsonNode> fetch(RecordName name, DnsRecord.Type type) {
    if (type == DnsRecord.Type.CNAME && name.value().equals(zone.value())) {
      return List.of(); // answered as addresses ("flattened"), so other records fit beside it
    }
    var records =
        client.list(
            "reading " + name + " " + type,
            List.of("zones", found().id(), "dns_records"),
            Map.of("name.exact", name.value(), "type", type.name()));
    if (records.stream().anyMatch(record -> record.path("proxied").asBoolean(false))) {
      throw new Refused(
          "%s %s in zone %s is proxied at Cloudflare: the world sees addresses of Cloudflare's, and"
                  .formatted(name, type, zone)
              + " mail does not pass there. Set the record to \"DNS only\", or delete it");
    }
    return records;
  }

  @Override
  public void change(
      RecordName name, DnsRecord.Type type, List<DnsRecord> expected, List<DnsRecord> wanted) {
    var add = without(wanted, expected);
    var remove = without(expected, wanted);
    if (add.isEmpty() && remove.isEmpty()) {
      return;
    }
    var what = "changing " + name + " " + type;
    var there = fetch(name, type);
    requireSame(expected, understood(there), what);
    var leaving = there.stream().filter(record -> isOneOf(record, remove)).toList();
    int replaced = Math.min(add.size(), leaving.size());
    for (int i = 0; i < replaced; i++) {
      // In one step: two SPF records at once, however shortly, are none (RFC 7208, 3.2).
      client.patch(what, pathOf(leaving.get(i)), CloudflareRecords.toWire(add.get(i)));
    }
    for (var record : add.subList(replaced, add.size())) {
      client.post(
          what, List.of("zones", found().id(), "dns_records"), CloudflareRecords.toWire(record));
    }
    for (var record : leaving.subList(replaced, leaving.size())) {
      client.delete(what, pathOf(record));
    }
    requireSame(wanted, read(name, type), what + ", accepted,");
  }

  private List<String> pathOf(JsonNode record) {
    return List.of("zones", found().id(), "dns_records", record.path("id").asString());
  }

  private static boolean isOneOf(JsonNode record, List<DnsRecord> records) {
    return CloudflareRecords.fromWire(record)
        .filter(one -> records.stream().anyMatch(one::isSameAs))
        .isPresent();
  }

  private void requireSame(List<DnsRecord> expected, List<DnsRecord> there, String what) {
    if (!without(expected, there).isEmpty() || !without(there, expected).isEmpty()) {
      throw new Unavailable(
          "%s in zone %s at Cloudflare: it holds something else than expected; it is read again"
              .formatted(what, zone));
    }
  }

  private static List<DnsRecord> without(List<DnsRecord> records, List<DnsRecord> others) {
    return records.stream().filter(record -> others.stream().noneMatch(record::isSameAs)).toList();
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
        client.list("looking for zone " + zone, List.of("zones"), Map.of("name", zone.value()));
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
    private final OkHttpClient http =
        new OkHttpClient.Builder()
            .followRedirects(false)
            .retryOnConnectionFailure(false)
            .callTimeout(TIMEOUT)
            .build();

    /// @param api `https://api.cloudflare.com/client/v4`, or a simulation's
    public Factory(URI api) {
      this.api = api;
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
