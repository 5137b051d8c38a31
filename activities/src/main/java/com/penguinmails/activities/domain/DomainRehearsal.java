package com.penguinmails.activities.domain;

import com.penguinmails.activities.domain.DomainActivitiesImpl.Look;
import com.penguinmails.activities.failure.Area;
import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.setup.RehearsalBook;
import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.secret.DkimKeys;
import com.penguinmails.store.setup.Plan;
import com.penguinmails.store.setup.Plan.Source;
import com.penguinmails.workflows.domain.DomainActivities;
import com.penguinmails.workflows.domain.ManualEntry;
import com.penguinmails.workflows.domain.OwnershipDecision;
import com.penguinmails.workflows.domain.RecordPlan;
import com.penguinmails.workflows.domain.RecordPlan.DkimPublicKey;
import com.penguinmails.workflows.domain.RecordPlan.Wish;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Tracked;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A domain that is rehearsed: delegation and zone are read, and the record plan is made from what
/// is there; its changes are noted and not sent.
public final class DomainRehearsal implements DomainActivities {
  private final RehearsalBook book;
  private final ZoneWriter zones;
  private final Resolver resolver;

  public DomainRehearsal(RehearsalBook book, ZoneWriter zones, Resolver resolver) {
    this.book = book;
    this.zones = zones;
    this.resolver = resolver;
  }

  @Override
  public DomainPrepared prepare(PrepareDomain order) {
    var id = order.domain().value();
    boolean isBought = book.plan(order.tenant(), id).wish().server() instanceof Source.Bought;
    book.step(order, "A DKIM key (RSA 2048) and the mailbox's password are made and kept.");
    return new DomainPrepared(
        1,
        Optional.of(DomainActivitiesImpl.wishedSelector()),
        false,
        isBought && !book.isDone(order.tenant(), id, "server/accept"),
        !book.isDone(order.tenant(), id, "domain/own"),
        false);
  }

  @Override
  public ClaimShown claim(ShowClaim order) {
    var plan = book.plan(order.tenant(), order.setup().value());
    var proof = proof(plan);
    boolean isByHand = !zone(order, plan).isWritable();
    if (isByHand) {
      book.effect(order, "You enter " + shown(proof));
      book.step(order, "You enter one TXT record by hand; it may be there before you go ahead.");
    } else {
      book.effect(order, "Added: " + shown(proof));
      book.step(order, "One TXT record is written, before anything else.");
    }
    return new ClaimShown(proof.name(), isByHand);
  }

  /// Never waits: a proof that is not there is what the plan is read for. Whether somebody else
  /// owns the name is told to those who proved that it is theirs, so not here.
  @Override
  public DomainOwned own(OwnDomain order) {
    var plan = book.plan(order.tenant(), order.setup().value());
    var proof = proof(plan);
    var seen =
        book.read(
                order,
                Area.DNS,
                () ->
                    resolver
                        .delegation(proof.name())
                        .map(sent -> new Witnesses(resolver).askAuthoritative(sent, proof))
                        .orElse(List.of()))
            .orElse(List.of());
    if (OwnershipDecision.isProved(proof, seen)) {
      book.step(order, "The proof is there: all %d name servers show it.".formatted(seen.size()));
    } else {
      if (!zone(order, plan).isWritable()) {
        book.remark(
            order,
            "proof-not-entered",
            "You have not yet entered the proof that the domain is yours; nothing is bought before",
            "Enter " + shown(proof));
      }
      book.step(order, "Nothing is bought before every name server of the zone shows it.");
    }
    return new DomainOwned(seen.size());
  }

  private static DnsRecord proof(Plan plan) {
    return OwnershipDecision.proof(plan.wish().domain(), plan.wish().ownershipToken());
  }

  @Override
  public AddressKnown awaitAddress(AwaitAddress order) {
    if (!book.isDone(order.tenant(), order.setup().value(), "server/accept")) {
      throw Failures.notYet(
          Cause.SERVER_ADDRESS_AWAITED, "The server has no address yet.", order.poll());
    }
    var said = "Records are written as soon as the bought server has its address.";
    book.step(order, said);
    return new AddressKnown(said);
  }

  @Override
  public RecordsPlanned plan(PlanRecords order) {
    var seen = look(order);
    var plan = seen.plan();
    var against = seen.isByHand() ? List.<String>of() : plan.skipped();
    if (seen.isByHand()) {
      seen.entries().stream()
          .flatMap(entry -> entry.obstacle().stream())
          .forEach(obstacle -> remark(order, obstacle));
    } else {
      plan.findings()
          .forEach(found ->
              book.obstacle(
                  order.tenant(), order.setup().value(), found.cause(), found.evidence()));
    }
    against.forEach(
        left -> book.remark(order, "left-out-" + slug(left), "A record is left out", left));
    remarkOnMail(order, seen.look());
    int records = seen.isByHand() ? seen.entries().size() : plan.wanted().size();
    book.step(order, records + " records, " + plan.changes().size() + " to be written.");
    return new RecordsPlanned(
        records,
        plan.changes().size(),
        List.of(), // noted, and gone past
        Optional.of(against).filter(left -> !left.isEmpty()));
  }

  private void remark(PlanRecords order, String obstacle) {
    book.remark(
        order, "by-hand-" + slug(obstacle), "A record in your zone stands in the way", obstacle);
  }

  /// Mail the domain sends or receives by now goes on only as the plan says.
  private void remarkOnMail(PlanRecords order, Optional<Look> look) {
    var there = look.map(seen -> seen.now().records()).orElse(List.of());
    there.stream()
        .filter(record -> record.type() == DnsRecord.Type.TXT)
        .filter(record -> record.value().startsWith("v=spf1"))
        .findFirst()
        .ifPresent(spf ->
            book.remark(
                order,
                "existing-spf",
                "The domain has an SPF record: who sends for it already goes on to, and the new"
                    + " server is added",
                spf.toString()));
    there.stream()
        .filter(record -> record.type() == DnsRecord.Type.MX)
        .findFirst()
        .ifPresent(mx ->
            book.remark(order, "existing-mx", "The domain receives mail already", mx.toString()));
  }

  @Override
  public RecordsPublished publish(PublishRecords order) {
    var seen = look(order);
    if (seen.isByHand()) {
      seen.entries().forEach(entry -> book.effect(order, "You enter " + shown(entry.record())));
      book.step(
          order,
          "You enter %d records by hand; we wait for days.".formatted(seen.entries().size()));
      return new RecordsPublished(0, Optional.of(seen.entries().size()));
    }
    var changes = seen.plan().changes();
    for (var change : changes) {
      change.remove().forEach(record -> book.effect(order, "Removed: " + shown(record)));
      change.add().forEach(record -> book.effect(order, "Added: " + shown(record)));
    }
    book.step(order, changes.size() + " record sets are written; foreign records stay.");
    return new RecordsPublished(changes.size(), Optional.empty());
  }

  private static String shown(DnsRecord record) {
    return record.toString().replaceFirst("p=[A-Za-z0-9+/=]{20,}", "p=<the key>");
  }

  @Override
  public RecordsVerified verify(VerifyRecords order) {
    book.step(order, "Every name server is asked until all of them answer with the records.");
    return new RecordsVerified(0, 0);
  }

  @Override
  public RecordsWithdrawn withdraw(WithdrawRecords order) {
    throw new IllegalStateException("a rehearsal wrote no records to take back");
  }

  /// What is there now. A zone that cannot be read is noted, and looked at as if it were empty.
  private Seen look(Tracked order) {
    var plan = book.plan(order.tenant(), order.setup().value());
    var wanted = plan.wish();
    var wish = wish(order.tenant(), plan);
    var delegation =
        book.read(
            order, Area.DNS, () -> DomainActivitiesImpl.requireDelegated(resolver, wanted.zone()));
    var zone = zone(order, plan);
    var look =
        book.read(
            order,
            Area.DNS,
            () -> {
              delegation.ifPresent(sent -> DomainActivitiesImpl.requireDelegatedTo(zone, sent));
              return Look.at(zone::read, wish, resolver);
            });
    return new Seen(zone, wish, look);
  }

  private DnsProvider zone(Tracked order, Plan plan) {
    var wanted = plan.wish();
    return zones.open(
        order.tenant(),
        wanted.zone(),
        wanted.zoneProvider(),
        wanted.zoneSettings(),
        wanted.zoneSecret());
  }

  private Wish wish(TenantId tenant, Plan plan) {
    var wanted = plan.wish();
    var address =
        wanted.server() instanceof Source.Own own ? own.address() : RehearsalBook.FORETOLD;
    return new Wish(
        wanted.domain(),
        wanted.hostname(),
        address,
        List.of(
            new DkimPublicKey(
                DomainActivitiesImpl.wishedSelector(), DkimKeys.generate().publicKey())),
        "testing",
        plan.id().value().toString().replace("-", "").substring(0, 16),
        wanted.isMxReplaceAllowed(),
        DomainActivitiesImpl.former(book.serversToLeave(tenant, wanted.domain()), address));
  }

  private static String slug(String text) {
    var slug = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return slug.substring(0, Math.min(slug.length(), 80));
  }

  /// @param look empty: the zone could not be read
  private record Seen(DnsProvider zone, Wish wish, Optional<Look> look) {
    boolean isByHand() {
      return !zone.isWritable();
    }

    RecordPlan plan() {
      return at().plan();
    }

    List<ManualEntry> entries() {
      return at().entries();
    }

    private Look at() {
      return look.orElseGet(() -> new Look(wish, new RecordPlan.ZoneSnapshot(List.of()), Map.of()));
    }
  }
}
