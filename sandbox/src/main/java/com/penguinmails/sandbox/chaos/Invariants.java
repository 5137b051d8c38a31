package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.dns.simulated.SimulatedDnsWorld;
import com.penguinmails.sandbox.host.HostView;
import com.penguinmails.sandbox.host.SimulatedHost;
import com.penguinmails.sandbox.vps.SimulatedHostwinds.Charge;
import com.penguinmails.store.ledger.InvoiceLine;
import com.penguinmails.store.ledger.InvoiceMatch;
import com.penguinmails.store.ledger.LedgerEntry;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What is true after a run, whatever died in it.
final class Invariants {
  private static final List<String> OURS =
      List.of("/etc/opendkim/keys", "/etc/dovecot/penguin", "/etc/penguin");

  private final ChaosWorld chaos;
  private final long seed;
  private final UUID setup;
  private final DomainName domain;
  private final List<String> mailboxes;
  private final List<String> broken = new ArrayList<>();

  /// @param setup the last one of this run
  /// @param mailboxes local parts besides the first one
  Invariants(ChaosWorld chaos, long seed, String setup, DomainName domain, List<String> mailboxes) {
    this.chaos = chaos;
    this.seed = seed;
    this.setup = UUID.fromString(setup);
    this.domain = domain;
    this.mailboxes = mailboxes;
  }

  /// At the end of the run.
  ///
  /// @param isOver the story came to its end
  /// @param secrets that may be in no history
  List<String> check(boolean isOver, Collection<String> secrets) {
    broken.clear();
    var facts = facts(setup);
    checkEnd(facts, isOver);
    checkWorld(facts);
    for (var one : all(facts)) {
      broken.addAll(chaos.histories().check(workflows(one), secrets));
    }
    if (isOver) {
      broken.addAll(chaos.histories().checkStatus(workflows(facts), facts.state().equals("DONE")));
    }
    return List.copyOf(broken);
  }

  /// Later, when nothing is under way any more: what came too late changed nothing.
  List<String> checkAgain() {
    broken.clear();
    checkWorld(facts(setup));
    return List.copyOf(broken);
  }

  private void checkWorld(Facts facts) {
    all(facts).forEach(this::checkBill);
    if (facts.state().equals("DONE")) {
      checkZone(facts);
      checkDkim(facts);
      checkMailboxes(facts);
    }
    if (facts.state().equals("CANCELLED")) {
      checkNothingIsLeft(facts);
    }
  }

  /// Of the last set-up, and of those before.
  private List<Facts> all(Facts last) {
    return Stream.concat(Stream.of(last), earlier().stream().map(this::facts)).toList();
  }

  /// What a host is called that the tenant of a run has rented.
  static String ownHost(long seed) {
    return "own-" + seed;
  }

  /// Set-ups of this run before the last one.
  private List<UUID> earlier() {
    return chaos
        .rows()
        .sql("SELECT id FROM setup WHERE idempotency_key = :key AND id <> :setup")
        .param("key", ChaosWorld.KEY + seed)
        .param("setup", setup)
        .query((row, _) -> row.getObject("id", UUID.class))
        .list();
  }

  /// Of one set-up.
  record Facts(
      UUID setup,
      String state,
      TenantId tenant,
      UUID server,
      UUID domain,
      UUID certificate,
      List<Order> orders) {
    /// Of the order that counts: of a replaced server there is another one, which is parked.
    Optional<String> found() {
      return orders.stream().filter(order -> !order.isParked()).findFirst().flatMap(Order::found);
    }
  }

  record Order(UUID id, String label, Optional<String> found, boolean isParked) {}

  private Facts facts(UUID setup) {
    return chaos
        .rows()
        .sql(
            """
            SELECT state, tenant_id, server_id, domain_id, certificate_id FROM setup
            WHERE id = :setup
            """)
        .param("setup", setup)
        .query((row, _) ->
            new Facts(
                setup,
                row.getString("state"),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getObject("server_id", UUID.class),
                row.getObject("domain_id", UUID.class),
                row.getObject("certificate_id", UUID.class),
                orders(row.getObject("server_id", UUID.class))))
        .single();
  }

  private List<Order> orders(UUID server) {
    return chaos
        .rows()
        .sql(
            """
            SELECT id, label, provider_server_id, parked_at IS NOT NULL AS is_parked
            FROM server_order WHERE server_id = :server ORDER BY created_at
            """)
        .param("server", server)
        .query((row, _) ->
            new Order(
                row.getObject("id", UUID.class),
                row.getString("label"),
                Optional.ofNullable(row.getString("provider_server_id")),
                row.getBoolean("is_parked")))
        .list();
  }

  /// It reached its proof or its end, or somebody is told what it waits for.
  private void checkEnd(Facts facts, boolean isOver) {
    boolean isTold = count("incident WHERE setup_id = :id AND closed_at IS NULL", setup) > 0;
    if (!isOver && !isTold) {
      broken.add("stays " + facts.state() + ", and nobody is told why");
    } else if (!isOver) {
      broken.add("stays " + facts.state() + ", though nothing goes wrong any more");
    }
  }

  /// One server for one order; the seller's invoices are our ledger; each is of an order that knows
  /// its server.
  private void checkBill(Facts facts) {
    var all = chaos.world().hostwinds().charges();
    var labels =
        Set.copyOf(chaos.rows().sql("SELECT label FROM server_order").query(String.class).list());
    all.stream()
        .filter(charge -> !labels.contains(charge.label()))
        .forEach(charge -> broken.add("server %s is no order's".formatted(charge.server())));
    facts.orders().forEach(order -> checkBill(order, all));
    if (facts.orders().stream().filter(order -> !order.isParked()).count() > 1) {
      broken.add("several orders of one server are under way");
    }
  }

  private void checkBill(Order order, List<Charge> all) {
    var invoices = all.stream().filter(charge -> charge.label().equals(order.label())).toList();
    var servers = invoices.stream().map(Charge::server).collect(Collectors.toSet());
    if (servers.size() > 1) {
      broken.add("%d servers billed for one order".formatted(servers.size()));
    }
    checkLedger(order, invoices);
    for (var server : servers) {
      if (!order.found().equals(Optional.of(server))) {
        broken.add(
            "server %s is paid for, and its order knows %s".formatted(server, order.found()));
      }
    }
  }

  /// Every entry is charged once, to the cent, and nothing else is. A change of address whose
  /// answer was lost may be either.
  private void checkLedger(Order order, List<Charge> invoices) {
    var entries =
        chaos.ledger().entries(Instant.EPOCH, Instant.now().plus(Duration.ofDays(1))).stream()
            .filter(entry -> entry.order().value().equals(order.id()))
            .toList();
    var today = LocalDate.now(ZoneOffset.UTC);
    var lines =
        IntStream.range(0, invoices.size())
            .mapToObj(number ->
                new InvoiceLine(
                    "hostwinds",
                    order.label(),
                    number + 1,
                    today,
                    order.label(),
                    invoices.get(number).total()))
            .toList();
    var match = InvoiceMatch.of(entries, lines);
    match
        .differing()
        .forEach(pair ->
            broken.add(
                "billed %s, the ledger has %s"
                    .formatted(pair.line().amount(), pair.entry().amount())));
    Stream.concat(match.unexplained().stream(), match.strange().stream())
        .forEach(line -> broken.add("billed %s, the ledger has nothing".formatted(line.amount())));
    Stream.concat(match.unbilled().stream(), match.expected().stream())
        .filter(LedgerEntry::isCertain)
        .forEach(
            entry -> broken.add("never billed: %s of %s".formatted(entry.kind(), entry.amount())));
    entries.stream()
        .filter(entry -> entry.kind() == LedgerEntry.Kind.PURCHASE && !entry.isCertain())
        .forEach(entry -> broken.add("%s are unclear in the ledger".formatted(entry.amount())));
  }

  private long count(String from, UUID id) {
    return chaos
        .rows()
        .sql("SELECT count(*) FROM " + from)
        .param("id", id)
        .query(Long.class)
        .single();
  }

  /// The zone holds what the rows say, and nothing else.
  private void checkZone(Facts facts) {
    var wanted =
        chaos
            .rows()
            .sql(
                """
                SELECT name, type, value FROM record_state
                WHERE domain_id = :id AND state IN ('PUBLISHED', 'VERIFIED')
                """)
            .param("id", facts.domain())
            .query((row, _) ->
                line(row.getString("name"), row.getString("type"), row.getString("value")))
            .set();
    var there = new TreeSet<String>();
    for (var record : zone()) {
      var line = line(record.name().toString(), record.type().name(), record.value());
      if (!there.add(line)) {
        broken.add("twice in the zone: " + line);
      }
    }
    var missing = new TreeSet<>(wanted);
    missing.removeAll(there);
    there.removeAll(wanted);
    if (!missing.isEmpty()) {
      broken.add("missing in the zone: " + missing);
    }
    if (!there.isEmpty()) {
      broken.add("in the zone, and wanted by nobody: " + there);
    }
  }

  private List<DnsRecord> zone() {
    return chaos.world().dns() instanceof SimulatedDnsWorld names
        ? names.content(domain)
        : List.of();
  }

  private static String line(String name, String type, String value) {
    return "%s %s %s".formatted(name, type, value);
  }

  private record Dkim(String selector, String publicKey, SecretRef secret) {}

  /// One key, the same in store, host and DNS.
  private void checkDkim(Facts facts) {
    var keys =
        chaos
            .rows()
            .sql(
                "SELECT selector, public_key, secret_ref FROM dkim_key WHERE domain_id = :id AND state <> 'RETIRED'")
            .param("id", facts.domain())
            .query((row, _) ->
                new Dkim(
                    row.getString("selector"),
                    row.getString("public_key"),
                    SecretRef.parse(row.getString("secret_ref"))))
            .list();
    if (keys.size() != 1) {
      broken.add(keys.size() + " DKIM keys");
      return;
    }
    var key = keys.getFirst();
    var records =
        chaos
            .world()
            .dns()
            .read(
                domain, RecordName.of(key.selector() + "._domainkey", domain), DnsRecord.Type.TXT);
    if (records.size() != 1 || !records.getFirst().value().contains("p=" + key.publicKey())) {
      broken.add("DKIM: %d records in the zone, or with another key".formatted(records.size()));
    }
    var kept = chaos.secrets().get(facts.tenant(), key.secret()).getOrDefault("pem", "");
    if (!publicKeyOf(kept.getBytes(StandardCharsets.US_ASCII)).equals(key.publicKey())) {
      broken.add("DKIM: the secret store has another key");
    }
    var directory = "/etc/opendkim/keys/%s".formatted(domain);
    var files = host(facts).map(view -> view.filesBelow(directory)).orElse(List.of());
    if (files.size() != 1) {
      broken.add("DKIM: %d keys on the host".formatted(files.size()));
    }
    var path = "%s/%s.private".formatted(directory, key.selector());
    var onHost = host(facts).flatMap(view -> view.file(path)).map(Invariants::publicKeyOf);
    if (!onHost.equals(Optional.of(key.publicKey()))) {
      broken.add("DKIM: the host has " + (onHost.isEmpty() ? "no key" : "another key"));
    }
  }

  private Optional<HostView> host(Facts facts) {
    return chaos
        .world()
        .simulatedHosts()
        .find(facts.found().orElse(ownHost(seed)))
        .map(SimulatedHost::view);
  }

  private static String publicKeyOf(byte[] pem) {
    var base64 =
        new String(pem, StandardCharsets.US_ASCII)
            .lines()
            .filter(line -> !line.startsWith("-----"))
            .collect(Collectors.joining());
    try {
      var factory = KeyFactory.getInstance("RSA");
      var key =
          (RSAPrivateCrtKey)
              factory.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
      var spec = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
      return Base64.getEncoder().encodeToString(factory.generatePublic(spec).getEncoded());
    } catch (GeneralSecurityException e) {
      return "unreadable: " + e.getMessage();
    }
  }

  /// Each that was ordered, once, with a login on the host; and no other.
  private void checkMailboxes(Facts facts) {
    var wanted =
        Stream.concat(Stream.of("hello"), mailboxes.stream())
            .map(part -> part + "@" + domain)
            .collect(Collectors.toCollection(TreeSet::new));
    var rows =
        chaos
            .rows()
            .sql(
                "SELECT local_part FROM mailbox WHERE domain_id = :id AND state <> 'RETIRED' ORDER BY 1")
            .param("id", facts.domain())
            .query((row, _) -> row.getString("local_part") + "@" + domain)
            .list();
    if (!List.copyOf(wanted).equals(rows)) {
      broken.add("mailboxes in the rows: %s instead of %s".formatted(rows, wanted));
    }
    var logins =
        host(facts)
            .flatMap(view -> view.file("/etc/dovecot/penguin/users"))
            .map(Invariants::logins)
            .orElse(List.of());
    if (!List.copyOf(wanted).equals(logins)) {
      broken.add("mailboxes on the host: %s instead of %s".formatted(logins, wanted));
    }
  }

  private static List<String> logins(byte[] users) {
    return new String(users, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.substring(0, line.indexOf(':')))
        .sorted()
        .toList();
  }

  /// What was bought is staff's to give up; all else is gone.
  private void checkNothingIsLeft(Facts facts) {
    var inZone = zone();
    if (!inZone.isEmpty()) {
      broken.add("left in the zone: " + inZone);
    }
    if (facts.orders().isEmpty()) { // their own: what we put there is gone, the host stays
      var left =
          host(facts).stream()
              .flatMap(view -> OURS.stream().flatMap(place -> view.filesBelow(place).stream()))
              .toList();
      if (!left.isEmpty()) {
        broken.add("left on the tenant's own host: " + left);
      }
    }
    for (var order : facts.orders()) {
      boolean isPaid =
          chaos.world().hostwinds().charges().stream()
              .anyMatch(charge -> charge.label().equals(order.label()));
      if (isPaid && !order.isParked()) {
        broken.add("a server is paid for that nobody uses and nobody is told of");
      }
    }
  }

  private List<String> workflows(Facts facts) {
    return List.of(
        "setup/" + facts.setup(),
        "server/" + facts.server(),
        "domain/" + facts.domain(),
        "certificate/" + facts.certificate());
  }
}
