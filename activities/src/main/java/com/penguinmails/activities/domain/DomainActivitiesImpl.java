package com.penguinmails.activities.domain;

import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.mailbox.MailboxLogins;
import com.penguinmails.activities.secret.NewSecrets;
import com.penguinmails.activities.setup.Decided;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.secret.DkimKeys;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.domain.DkimKeyStore.DkimKey;
import com.penguinmails.store.domain.Domain;
import com.penguinmails.store.domain.DomainStore.FormerServer;
import com.penguinmails.store.domain.RecordStateStore.RecordState;
import com.penguinmails.store.mailbox.MailboxStore.Mailbox;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.workflows.domain.DomainActivities;
import com.penguinmails.workflows.domain.ManualEntry;
import com.penguinmails.workflows.domain.OwnershipDecision;
import com.penguinmails.workflows.domain.RecordPlan;
import com.penguinmails.workflows.domain.RecordPlan.DkimPublicKey;
import com.penguinmails.workflows.domain.RecordPlan.Former;
import com.penguinmails.workflows.domain.RecordPlan.Wish;
import com.penguinmails.workflows.domain.RecordPlan.ZoneSnapshot;
import com.penguinmails.workflows.domain.RecordVerification;
import com.penguinmails.workflows.domain.Withdrawal;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.RecordQuestion;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// See [DomainActivities].
public final class DomainActivitiesImpl implements DomainActivities {
  private static final DateTimeFormatter SELECTOR = DateTimeFormatter.ofPattern("'pm'yyyyMM");

  private final Stores stores;
  private final SecretStore secrets;
  private final NewSecrets made;
  private final ZoneWriter zones;
  private final Resolver resolver;
  private final Witnesses witnesses;
  private final ManualRecords manual;
  private final Ownership ownership;
  private final MailboxLogins logins;

  /// @param ownershipGrace for how long the proof of a challenged owner may be away
  public DomainActivitiesImpl(
      Stores stores,
      SecretStore secrets,
      NewSecrets made,
      ZoneWriter zones,
      Resolver resolver,
      Duration ownershipGrace) {
    this.stores = stores;
    this.secrets = secrets;
    this.made = made;
    this.zones = zones;
    this.resolver = resolver;
    this.witnesses = new Witnesses(resolver);
    this.manual = new ManualRecords(stores, resolver);
    this.ownership = new Ownership(stores, resolver, ownershipGrace);
    this.logins = new MailboxLogins(secrets, made);
  }

  @Override
  public DomainPrepared prepare(PrepareDomain order) {
    var tenant = order.tenant();
    var now = stores.tenancy().reading(tenant, () -> now(order.domain()));
    var domain = now.domain();
    // As of before the secrets: what is changed while they are made has a newer version.
    return new DomainPrepared(
        domain.desiredVersion(),
        now.isRetireWanted() ? Optional.empty() : Optional.of(makeSecrets(tenant, now)),
        domain.state() == Domain.State.WITHDRAWN,
        now.isAddressAwaited(),
        domain.ownedAt().isEmpty(),
        now.isStuck());
  }

  private Now now(DomainId id) {
    var domain = stores.domains().get(id);
    return new Now(
        domain,
        stores.retirements().isWanted(id),
        stores.servers().get(domain.server()).knownAddress().isEmpty(),
        stores.dkimKeys().ofDomain(id),
        stores.mailboxes().ofDomain(id),
        stores.incidents().isStuck(id.value()));
  }

  /// @return the selector of the DKIM key
  private String makeSecrets(TenantId tenant, Now now) {
    var keys = now.keys();
    var selector = keys.isEmpty() ? makeDkimKey(tenant, now.domain()) : keys.getLast().selector();
    now.mailboxes().stream()
        .filter(mailbox -> mailbox.isWanted() && mailbox.login().isEmpty())
        .forEach(mailbox -> makeLogin(tenant, now.domain(), mailbox));
    return selector;
  }

  @Override
  public ClaimShown claim(ShowClaim order) {
    var tenant = order.tenant();
    var domain = domain(tenant, order.domain());
    var delegation = requireDelegated(resolver, domain.zone());
    var opened = zones.open(tenant, domain);
    requireDelegatedTo(opened, delegation);
    var proof = proof(domain);
    stores.tenancy().run(tenant, () -> stores.records().want(domain.id(), List.of(proof)));
    if (opened.isWritable()) {
      zones.writing(tenant, domain, "records/" + domain.id(), zone -> write(tenant, domain, zone));
    }
    return new ClaimShown(proof.name(), !opened.isWritable());
  }

  private boolean write(TenantId tenant, Domain domain, ZoneWriter.LeasedZone zone) {
    var proof = proof(domain);
    var there = zone.read(List.of(new RecordQuestion(proof.name(), proof.type())));
    if (there.stream().noneMatch(proof::isSameAs)) {
      stores.tenancy().run(tenant, () -> stores.records().markOurs(domain.id(), proof));
    }
    return zone.change(proof.name(), proof.type(), List.of(proof), List.of());
  }

  private static DnsRecord proof(Domain domain) {
    return OwnershipDecision.proof(domain.name(), domain.ownershipToken());
  }

  @Override
  public DomainOwned own(OwnDomain order) {
    var tenant = order.tenant();
    var domain = domain(tenant, order.domain());
    var delegation = requireDelegated(resolver, domain.zone());
    if (zones.open(tenant, domain).isWritable()) {
      requireProved(order, domain, delegation);
    } else {
      manual.awaitChallenges(tenant, domain.id(), delegation, List.of(proof(domain)), order.poll());
    }
    ownership
        .take(tenant, domain)
        .ifPresent(against -> {
          decided(
              tenant,
              domain.id(),
              "ownership",
              Map.of("servers", String.valueOf(delegation.servers().size())),
              Answer.OWNED_BY_ANOTHER.about(against));
          throw Failures.refused(Cause.DOMAIN_OWNED_BY_ANOTHER, against);
        });
    var owned = new DomainOwned(delegation.servers().size());
    decided(
        tenant,
        domain.id(),
        "ownership",
        Map.of("servers", String.valueOf(owned.servers())),
        Answer.OWNED.given());
    return owned;
  }

  private void requireProved(OwnDomain order, Domain domain, Resolver.Delegation delegation) {
    var proof = proof(domain);
    var seen = witnesses.askAuthoritative(delegation, proof);
    var verification = RecordVerification.of(proof, seen);
    note(order.tenant(), domain.id(), proof, verification);
    if (!OwnershipDecision.isProved(proof, seen)) {
      throw Failures.notYet(Cause.DNS_NOT_VISIBLE, verification.evidence(), order.poll());
    }
  }

  @Override
  public AddressKnown awaitAddress(AwaitAddress order) {
    var server =
        stores
            .tenancy()
            .reading(
                order.tenant(),
                () -> stores.servers().get(stores.domains().get(order.domain()).server()));
    return server
        .knownAddress()
        .map(address -> new AddressKnown("The server is at " + address + "."))
        .orElseThrow(() ->
            Failures.notYet(
                Cause.SERVER_ADDRESS_AWAITED, "The server has no address yet.", order.poll()));
  }

  private String makeDkimKey(TenantId tenant, Domain domain) {
    var wished = wishedSelector();
    var selector =
        stores
            .tenancy()
            .reading(tenant, () -> stores.dkimKeys().unusedSelector(domain.name(), wished));
    var pair = made.dkimKeys();
    var reference =
        secrets.putIfAbsent(
            tenant,
            "domain/%s/dkim/%s".formatted(domain.id(), selector),
            Map.of("pem", pair.privateKeyPem(), "public", pair.publicKey()));
    var publicKey = DkimKeys.of(secrets.get(tenant, reference).getOrDefault("pem", "")).publicKey();
    return stores
        .tenancy()
        .as(
            tenant,
            () -> {
              var key = stores.dkimKeys().insertOrFind(domain.id(), selector, reference, publicKey);
              stores.servers().bumpDesiredVersion(domain.server());
              return key.selector();
            });
  }

  /// What a key made now is called, unless the domain has had one of that name.
  static String wishedSelector() {
    return SELECTOR.format(YearMonth.now(ZoneOffset.UTC));
  }

  private void makeLogin(TenantId tenant, Domain domain, Mailbox mailbox) {
    var reference = logins.make(tenant, mailbox.id());
    stores
        .tenancy()
        .run(
            tenant,
            () -> {
              long version = stores.servers().bumpDesiredVersion(domain.server());
              stores.mailboxes().recordLogin(mailbox.id(), reference, version);
            });
  }

  @Override
  public RecordsPlanned plan(PlanRecords order) {
    var domain = domain(order.tenant(), order.domain());
    var delegation = requireDelegated(resolver, domain.zone());
    var zone = zones.open(order.tenant(), domain);
    requireDelegatedTo(zone, delegation);
    var look = look(order.tenant(), domain, zone::read);
    var plan = look.plan();
    boolean isByHand = !zone.isWritable();
    var planned =
        new RecordsPlanned(
            isByHand ? look.entries().size() : plan.wanted().size(),
            plan.changes().size(),
            isByHand ? List.of() : plan.findings(), // said beside each record
            Optional.of(plan.skipped()).filter(skipped -> !skipped.isEmpty()));
    decided(
        order.tenant(),
        domain.id(),
        "record-plan",
        Map.of("records", String.valueOf(planned.records())),
        (planned.findings().isEmpty() ? Answer.PLANNED : Answer.PLAN_STOPPED)
            .about(planned.evidence()));
    return planned;
  }

  /// What these rules judge is too much for a history, so they are applied here, and recorded.
  private void decided(
      TenantId tenant,
      DomainId domain,
      String step,
      Map<String, String> inputs,
      Answer.Given given) {
    stores
        .tenancy()
        .run(
            tenant,
            () -> Decided.record(stores, EntityKind.DOMAIN, domain.value(), step, inputs, given));
  }

  static Resolver.Delegation requireDelegated(Resolver resolver, DomainName zone) {
    var delegation = resolver.delegation(RecordName.of(zone));
    if (delegation.isEmpty() || !delegation.get().zone().equals(zone)) {
      throw Failures.refused(
          Cause.DNS_NOT_DELEGATED,
          "Nobody on the Internet is sent to the name servers of %s: its registrar does not delegate it."
              .formatted(zone));
    }
    return delegation.get();
  }

  /// A zone may be ready at one host while the world is still sent to another.
  static void requireDelegatedTo(DnsProvider zone, Resolver.Delegation delegation) {
    var wanted = zone.nameServers();
    var asked =
        delegation.servers().stream()
            .map(server -> server.name().toLowerCase(Locale.ROOT).replaceFirst("\\.$", ""))
            .toList();
    if (!wanted.isEmpty() && Collections.disjoint(wanted, asked)) {
      throw Failures.refused(
          Cause.DNS_NOT_DELEGATED,
          "The registrar of %s sends the world to %s; its DNS host answers at %s. Enter those there."
              .formatted(zone.zone(), String.join(", ", asked), String.join(", ", wanted)));
    }
  }

  private RecordPlan planned(TenantId tenant, Domain domain, ZoneReader zone) {
    return look(tenant, domain, zone).plan();
  }

  private Look look(TenantId tenant, Domain domain, ZoneReader zone) {
    return Look.at(zone, wish(tenant, domain), resolver);
  }

  private Wish wish(TenantId tenant, Domain domain) {
    return stores
        .tenancy()
        .reading(
            tenant,
            () -> {
              var server = stores.servers().get(domain.server());
              return new Wish(
                  domain.name(),
                  server.hostname(),
                  server.address(),
                  stores.dkimKeys().ofDomain(domain.id()).stream()
                      .map(key -> new DkimPublicKey(key.selector(), key.publicKey()))
                      .toList(),
                  domain.mtaStsMode(),
                  // One id for as long as the policy is the same: it is written once, at creation.
                  domain.id().value().toString().replace("-", "").substring(0, 16),
                  domain.isMxReplaceAllowed(),
                  former(stores.domains().formerServers(domain.id()), server.address()));
            });
  }

  /// An address may have come back to us under another row.
  static List<Former> former(List<FormerServer> servers, IpAddress now) {
    return servers.stream()
        .filter(server -> !server.address().equals(now))
        .map(server ->
            new Former(server.hostname(), server.address(), server.isNeeded(), server.isGivenUp()))
        .toList();
  }

  @Override
  public RecordsPublished publish(PublishRecords order) {
    var tenant = order.tenant();
    var domain = domain(tenant, order.domain());
    var opened = zones.open(tenant, domain);
    if (!opened.isWritable()) {
      var asked = look(tenant, domain, opened::read).entries();
      manual.askFor(tenant, domain.id(), asked.stream().map(ManualEntry::record).toList());
      return new RecordsPublished(0, Optional.of(asked.size()));
    }
    int written =
        zones.writing(
            tenant,
            domain,
            "records/" + order.domain(),
            zone -> {
              var plan = planned(tenant, domain, zone::read);
              // Before the change, in a commit of its own: a cancel must know what may be ours.
              stores.tenancy().run(tenant, () -> note(domain.id(), plan));
              int changed = zone.change(plan.changes());
              plan.changes().stream()
                  .flatMap(change -> change.remove().stream())
                  .forEach(record -> noteWithdrawn(tenant, domain.id(), record));
              return changed;
            });
    stores.tenancy().run(tenant, () -> stores.domains().recordPublished(domain.id()));
    return new RecordsPublished(written, Optional.empty());
  }

  private void note(DomainId domain, RecordPlan plan) {
    stores.records().want(domain, plan.wanted());
    for (var change : plan.changes()) {
      stores.records().noteReplaced(domain, change.remove());
      change.add().forEach(record -> stores.records().markOurs(domain, record));
    }
  }

  @Override
  public RecordsVerified verify(VerifyRecords order) {
    var tenant = order.tenant();
    var domain = domain(tenant, order.domain());
    var delegation =
        resolver
            .delegation(RecordName.of(domain.zone()))
            .orElseThrow(() ->
                Failures.notYet(
                    Cause.DNS_NOT_DELEGATED,
                    "Nobody is asked for " + domain.zone() + ": the zone is not delegated.",
                    order.poll()));
    var zone = zones.open(tenant, domain);
    if (!zone.isWritable()) {
      return verifyByHand(order, domain, delegation, look(tenant, domain, zone::read).entries());
    }
    var wanted = wantedNow(tenant, domain, zone::read);
    var answers = witnesses.ask(delegation, wanted);
    var waiting = new ArrayList<String>();
    int servers = 0;
    for (var record : wanted) {
      var seen = answers.getOrDefault(record, List.of());
      servers = Math.max(servers, seen.size());
      var verification = RecordVerification.of(record, seen);
      note(tenant, domain.id(), record, verification);
      if (!verification.isVerified()) {
        waiting.add(verification.evidence());
      }
    }
    if (!waiting.isEmpty()) {
      throw Failures.notYet(
          Cause.DNS_NOT_VISIBLE,
          "%d of %d records are not seen everywhere yet: %s"
              .formatted(waiting.size(), wanted.size(), waiting.getFirst()),
          order.poll());
    }
    stores.tenancy().run(tenant, () -> stores.domains().recordVerified(domain.id()));
    return new RecordsVerified(wanted.size(), servers);
  }

  /// What the zone should hold by what it holds now: its tenant may have edited it since the plan.
  private List<DnsRecord> wantedNow(TenantId tenant, Domain domain, ZoneReader zone) {
    var look = look(tenant, domain, zone);
    var plan = look.plan();
    stores
        .tenancy()
        .run(
            tenant,
            () -> {
              // What is being taken back is not wanted again by a look that began before.
              if (!stores.retirements().isWanted(domain.id())) {
                follow(domain.id(), look.now(), plan);
              }
            });
    plan.findings().stream()
        .findFirst()
        .ifPresent(finding -> {
          throw Failures.refused(finding.cause(), finding.evidence());
        });
    return plan.wanted();
  }

  /// Another value takes the place of what the tenant took away; a record of ours that is still
  /// there, or there again, stays ours, to be taken back one day.
  private void follow(DomainId domain, ZoneSnapshot now, RecordPlan plan) {
    var ours =
        stores.records().ofDomain(domain).stream()
            .filter(RecordState::isOurs)
            .map(RecordState::record)
            .filter(record -> plan.wanted().stream().anyMatch(record::isSameAs))
            .filter(record -> now.records().stream().anyMatch(record::isSameAs))
            .toList();
    stores.records().want(domain, plan.wanted());
    ours.forEach(record -> stores.records().markOurs(domain, record));
    stores.records().ofDomain(domain).stream()
        .filter(row -> row.state() != RecordState.State.WITHDRAWN)
        .map(RecordState::record)
        .filter(record -> plan.wanted().stream().noneMatch(record::isSameAs))
        .filter(record -> plan.wanted().stream().anyMatch(other -> isInPlaceOf(other, record)))
        .filter(record -> now.records().stream().noneMatch(record::isSameAs))
        .forEach(record ->
            stores
                .records()
                .report(
                    domain, record, RecordState.State.WITHDRAWN, "taken away by somebody else"));
  }

  private static boolean isInPlaceOf(DnsRecord wanted, DnsRecord before) {
    return wanted.name().equals(before.name()) && wanted.type() == before.type();
  }

  private RecordsVerified verifyByHand(
      VerifyRecords order,
      Domain domain,
      Resolver.Delegation delegation,
      List<ManualEntry> entries) {
    var tenant = order.tenant();
    manual.askFor(tenant, domain.id(), entries.stream().map(ManualEntry::record).toList());
    int servers = manual.check(tenant, domain.id(), delegation, entries, order.poll());
    stores.tenancy().run(tenant, () -> stores.domains().recordVerified(domain.id()));
    return new RecordsVerified(entries.size(), servers);
  }

  private void note(
      TenantId tenant, DomainId domain, DnsRecord record, RecordVerification verification) {
    var state =
        switch (verification.state()) {
          case VERIFIED -> RecordState.State.VERIFIED;
          case CONFLICT -> RecordState.State.CONFLICT;
          case WAITING -> RecordState.State.PUBLISHED;
        };
    stores
        .tenancy()
        .run(tenant, () -> stores.records().report(domain, record, state, verification.evidence()));
  }

  @Override
  public RecordsWithdrawn withdraw(WithdrawRecords order) {
    var tenant = order.tenant();
    var domain = domain(tenant, order.domain());
    int changed = 0;
    for (var left : stores.tenancy().reading(tenant, () -> toWithdraw(domain))) {
      changed += withdraw(tenant, left.domain(), left.ours());
    }
    stores
        .tenancy()
        .run(
            tenant,
            () -> {
              stores.domains().withdraw(domain.id());
              stores.mailboxes().retireAll(domain.id());
              stores.incidents().closeAllOf(domain.id().value()); // also what others opened on it
            });
    return new RecordsWithdrawn(changed);
  }

  /// Other domains of the server need the records of its name: those go with the server, whichever
  /// domain it was whose zone has them.
  private List<Ours> toWithdraw(Domain domain) {
    var server = stores.servers().get(domain.server());
    var host = RecordName.of(server.hostname());
    boolean isServerLeaving = stores.retirements().isWanted(server.id());
    var all = new ArrayList<Ours>();
    all.add(
        new Ours(
            domain,
            stores.records().oursToWithdraw(domain.id()).stream()
                .filter(record -> isServerLeaving || !record.name().equals(host))
                .toList()));
    if (isServerLeaving) {
      stores.domains().ofServer(server.id()).stream()
          .filter(other -> !other.id().equals(domain.id()))
          .filter(other -> stores.retirements().isWanted(other.id()))
          .forEach(other ->
              all.add(
                  new Ours(
                      other,
                      stores.records().oursToWithdraw(other.id()).stream()
                          .filter(record -> record.name().equals(host))
                          .toList())));
    }
    return all.stream().filter(one -> !one.ours().isEmpty()).toList();
  }

  private int withdraw(TenantId tenant, Domain domain, List<DnsRecord> ours) {
    return zones.writing(
        tenant,
        domain,
        "records/" + domain.id(),
        zone -> {
          var now =
              zone.read(
                  ours.stream()
                      .map(record -> new RecordQuestion(record.name(), record.type()))
                      .distinct()
                      .toList());
          var replaced =
              stores.tenancy().reading(tenant, () -> stores.records().replaced(domain.id()));
          var address =
              stores
                  .tenancy()
                  .reading(tenant, () -> stores.servers().get(domain.server()).knownAddress());
          int changed = zone.change(Withdrawal.of(address, ours, replaced, new ZoneSnapshot(now)));
          ours.forEach(record -> noteWithdrawn(tenant, domain.id(), record));
          return changed;
        });
  }

  private void noteWithdrawn(TenantId tenant, DomainId domain, DnsRecord record) {
    stores
        .tenancy()
        .run(
            tenant,
            () ->
                stores
                    .records()
                    .report(domain, record, RecordState.State.WITHDRAWN, "taken back by us"));
  }

  private Domain domain(TenantId tenant, DomainId id) {
    return stores.tenancy().reading(tenant, () -> stores.domains().get(id));
  }

  /// The domain as its rows say.
  private record Now(
      Domain domain,
      boolean isRetireWanted,
      boolean isAddressAwaited,
      List<DkimKey> keys,
      List<Mailbox> mailboxes,
      boolean isStuck) {}

  /// What the plan follows from.
  record Look(Wish wish, ZoneSnapshot now, Map<RecordName, String> included) {
    static Look at(ZoneReader zone, Wish wish, Resolver resolver) {
      var seen = zone.read(RecordPlan.questions(wish));
      return new Look(wish, new ZoneSnapshot(seen), new IncludedPolicies(resolver).of(seen));
    }

    RecordPlan plan() {
      return RecordPlan.of(wish, now, included);
    }

    List<ManualEntry> entries() {
      return RecordPlan.entries(wish, now, included);
    }
  }

  /// Reads RRsets: from the provider, or from a leased zone.
  @FunctionalInterface
  interface ZoneReader {
    List<DnsRecord> read(List<RecordQuestion> questions);
  }

  /// Records of ours in the domain's zone.
  private record Ours(Domain domain, List<DnsRecord> ours) {}
}
