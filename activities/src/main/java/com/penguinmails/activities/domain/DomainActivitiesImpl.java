package com.penguinmails.activities.domain;

import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.secret.DkimKeys;
import com.penguinmails.ports.secret.MailboxPasswords;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.domain.Domain;
import com.penguinmails.store.domain.RecordStateStore.RecordState;
import com.penguinmails.store.mailbox.MailboxStore.Mailbox;
import com.penguinmails.workflows.domain.DomainActivities;
import com.penguinmails.workflows.domain.RecordPlan;
import com.penguinmails.workflows.domain.RecordPlan.DkimPublicKey;
import com.penguinmails.workflows.domain.RecordPlan.Wish;
import com.penguinmails.workflows.domain.RecordPlan.ZoneSnapshot;
import com.penguinmails.workflows.domain.RecordVerification;
import com.penguinmails.workflows.domain.Withdrawal;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.TenantId;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// See [DomainActivities].
public final class DomainActivitiesImpl implements DomainActivities {
  private static final DateTimeFormatter SELECTOR = DateTimeFormatter.ofPattern("'pm'yyyyMM");

  private final Stores stores;
  private final SecretStore secrets;
  private final ZoneWriter zones;
  private final Resolver resolver;
  private final Witnesses witnesses;

  public DomainActivitiesImpl(
      Stores stores, SecretStore secrets, ZoneWriter zones, Resolver resolver) {
    this.stores = stores;
    this.secrets = secrets;
    this.zones = zones;
    this.resolver = resolver;
    this.witnesses = new Witnesses(resolver);
  }

  @Override
  public DomainFacts facts(ReadDomain order) {
    return stores
        .tenancy()
        .reading(
            order.tenant(),
            () -> {
              var domain = stores.domains().get(order.domain());
              boolean isRetireWanted = stores.retirements().isWanted(order.domain());
              return new DomainFacts(
                  isRetireWanted ? 2 : 1,
                  domain.publishedAt().isPresent(),
                  domain.verifiedAt().isPresent(),
                  isRetireWanted,
                  domain.state() == Domain.State.WITHDRAWN,
                  stores.servers().get(domain.server()).knownAddress().isEmpty());
            });
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

  @Override
  public DkimPrepared prepareKeys(PrepareKeys order) {
    var tenant = order.tenant();
    var domain = domain(tenant, order.domain());
    var keys = stores.tenancy().reading(tenant, () -> stores.dkimKeys().ofDomain(domain.id()));
    var selector = keys.isEmpty() ? makeDkimKey(tenant, domain) : keys.getLast().selector();
    stores.tenancy().reading(tenant, () -> stores.mailboxes().ofDomain(domain.id())).stream()
        .filter(mailbox -> mailbox.login().isEmpty())
        .forEach(mailbox -> makeLogin(tenant, domain, mailbox));
    return new DkimPrepared(selector);
  }

  private String makeDkimKey(TenantId tenant, Domain domain) {
    var wished = SELECTOR.format(YearMonth.now(ZoneOffset.UTC));
    var selector =
        stores
            .tenancy()
            .reading(tenant, () -> stores.dkimKeys().unusedSelector(domain.name(), wished));
    var made = DkimKeys.generate();
    var reference =
        secrets.putIfAbsent(
            tenant,
            "domain/%s/dkim/%s".formatted(domain.id(), selector),
            Map.of("pem", made.privateKeyPem(), "public", made.publicKey()));
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

  private void makeLogin(TenantId tenant, Domain domain, Mailbox mailbox) {
    var password = MailboxPasswords.generate();
    var reference =
        secrets.putIfAbsent(
            tenant,
            "mailbox/%s/login".formatted(mailbox.id()),
            Map.of("password", password, "hash", MailboxPasswords.dovecotHash(password)));
    stores
        .tenancy()
        .run(
            tenant,
            () -> {
              stores.mailboxes().recordLogin(mailbox.id(), reference);
              stores.servers().bumpDesiredVersion(domain.server());
            });
  }

  @Override
  public RecordsPlanned plan(PlanRecords order) {
    var domain = domain(order.tenant(), order.domain());
    requireDelegated(domain);
    var plan = planned(order.tenant(), domain, zones.open(order.tenant(), domain)::read);
    return new RecordsPlanned(
        plan.wanted().size(),
        plan.changes().size(),
        plan.findings(),
        Optional.of(plan.skipped()).filter(skipped -> !skipped.isEmpty()));
  }

  private void requireDelegated(Domain domain) {
    var delegation = resolver.delegation(RecordName.of(domain.zone()));
    if (delegation.isEmpty() || !delegation.get().zone().equals(domain.zone())) {
      throw Failures.refused(
          Cause.DNS_NOT_DELEGATED,
          "Nobody on the Internet is sent to the name servers of %s: its registrar does not delegate it."
              .formatted(domain.zone()));
    }
  }

  private RecordPlan planned(TenantId tenant, Domain domain, ZoneReader zone) {
    var wish = wish(tenant, domain);
    var seen = new ArrayList<DnsRecord>();
    RecordPlan.questions(wish)
        .forEach(question -> seen.addAll(zone.read(question.name(), question.type())));
    return RecordPlan.of(wish, new ZoneSnapshot(seen), new IncludedPolicies(resolver).of(seen));
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
                  domain.isMxReplaceAllowed());
            });
  }

  @Override
  public RecordsPublished publish(PublishRecords order) {
    var tenant = order.tenant();
    var domain = domain(tenant, order.domain());
    int written =
        zones.writing(
            tenant,
            domain,
            "records/" + order.domain(),
            zone -> {
              var plan = planned(tenant, domain, zone::read);
              stores.tenancy().run(tenant, () -> stores.records().want(domain.id(), plan.wanted()));
              int changed = 0;
              for (var change : plan.changes()) {
                // Before the change, in a commit of its own: a cancel must know what may be ours.
                stores
                    .tenancy()
                    .run(
                        tenant,
                        () -> {
                          stores.records().noteReplaced(domain.id(), change.remove());
                          change
                              .add()
                              .forEach(record -> stores.records().markOurs(domain.id(), record));
                        });
                changed +=
                    zone.change(change.name(), change.type(), change.add(), change.remove())
                        ? 1
                        : 0;
              }
              return changed;
            });
    stores.tenancy().run(tenant, () -> stores.domains().recordPublished(domain.id()));
    return new RecordsPublished(written);
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
    var wanted = planned(tenant, domain, zones.open(tenant, domain)::read).wanted();
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
    var ours = stores.tenancy().reading(tenant, () -> stores.records().oursToWithdraw(domain.id()));
    int changed = ours.isEmpty() ? 0 : withdraw(tenant, domain, ours);
    stores.tenancy().run(tenant, () -> stores.domains().withdraw(domain.id()));
    return new RecordsWithdrawn(changed);
  }

  private int withdraw(TenantId tenant, Domain domain, List<DnsRecord> ours) {
    return zones.writing(
        tenant,
        domain,
        "records/" + domain.id(),
        zone -> {
          var now = new ArrayList<DnsRecord>();
          ours.stream()
              .map(record -> new Question(record.name(), record.type()))
              .distinct()
              .forEach(question -> now.addAll(zone.read(question.name(), question.type())));
          int changed = 0;
          var replaced =
              stores.tenancy().reading(tenant, () -> stores.records().replaced(domain.id()));
          for (var change :
              Withdrawal.of(wish(tenant, domain), ours, replaced, new ZoneSnapshot(now))) {
            changed +=
                zone.change(change.name(), change.type(), change.add(), change.remove()) ? 1 : 0;
          }
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

  /// Reads RRsets: from the provider, or from a leased zone.
  @FunctionalInterface
  private interface ZoneReader {
    List<DnsRecord> read(RecordName name, DnsRecord.Type type);
  }

  private record Question(RecordName name, DnsRecord.Type type) {}
}
