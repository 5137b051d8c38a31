package com.penguinmails.activities.domain;

import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.store.domain.Domain;
import com.penguinmails.store.domain.OwnershipStore.Missing;
import com.penguinmails.store.domain.OwnershipStore.Owner;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.row.Helper;
import com.penguinmails.workflows.domain.OwnershipDecision;
import com.penguinmails.workflows.domain.OwnershipDecision.Challenge;
import com.penguinmails.workflows.domain.RecordVerification.SeenAt;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes a name for a claim that was proved, and challenges who owns it already. Each tenant's rows
/// are read and written as that tenant; nothing of one is told to the other.
final class Ownership {
  private final Stores stores;
  private final Resolver resolver;
  private final Witnesses witnesses;
  private final Duration grace;

  /// @param grace for how long a challenged owner's proof may be away
  Ownership(Stores stores, Resolver resolver, Duration grace) {
    this.stores = stores;
    this.resolver = resolver;
    this.witnesses = new Witnesses(resolver);
    this.grace = grace;
  }

  /// Makes the tenant the owner. Owners who stand in the way must prove again, at each call; those
  /// who could not for long enough lose the name. Safe to repeat.
  ///
  /// @return what stands against it, said without a word about whose it is; empty: it is owned
  Optional<String> take(TenantId tenant, Domain claim) {
    if (isTaken(tenant, claim)) {
      return Optional.empty();
    }
    var owners = stores.tenancy().reading(tenant, () -> stores.ownership().inTheWay(claim.id()));
    var standing = owners.stream().map(this::challenge).flatMap(Optional::stream).toList();
    if (standing.isEmpty() && isTaken(tenant, claim)) {
      return Optional.empty();
    }
    return Optional.of(told(claim, standing));
  }

  private boolean isTaken(TenantId tenant, Domain claim) {
    return stores
        .tenancy()
        .as(
            tenant,
            () -> {
              boolean isTaken = stores.ownership().take(claim.id());
              if (isTaken) {
                stores.incidents().close(claim.id().value(), Cause.DOMAIN_OWNED_BY_ANOTHER.code());
              }
              return isTaken;
            });
  }

  /// Empty when the owner has lost the name, now or meanwhile.
  private Optional<Standing> challenge(Owner owner) {
    var owned =
        stores.tenancy().reading(owner.tenant(), () -> stores.domains().get(owner.domain()));
    var proof = OwnershipDecision.proof(owned.name(), owned.ownershipToken());
    boolean isHeld = OwnershipDecision.isHeld(proof, seen(proof));
    return stores
        .tenancy()
        .as(
            owner.tenant(),
            () -> {
              var missing = stores.ownership().challenged(owner.domain(), isHeld);
              var away = missing.map(Missing::lasting).orElse(Duration.ZERO);
              return switch (OwnershipDecision.challenge(isHeld, away, grace)) {
                case Challenge.KEPT -> kept(owned);
                case Challenge.MISSING -> missing.map(gone -> missing(owned, proof, gone));
                case Challenge.LOST -> lost(owned);
              };
            });
  }

  /// The zone of the name as it is delegated today, whatever it was when the name was claimed.
  private List<SeenAt> seen(DnsRecord proof) {
    return resolver
        .delegation(proof.name())
        .map(delegation -> witnesses.askAuthoritative(delegation, proof))
        .orElse(List.of());
  }

  private Optional<Standing> kept(Domain owned) {
    stores.incidents().close(owned.id().value(), Cause.DOMAIN_PROOF_MISSING.code());
    return Optional.of(new Standing(Optional.empty()));
  }

  private Standing missing(Domain owned, DnsRecord proof, Missing gone) {
    var until = gone.since().plus(grace);
    open(
        owned,
        Cause.DOMAIN_PROOF_MISSING,
        "No name server of the zone has %s since %s. Enter it again before %s."
            .formatted(proof, shown(gone.since()), shown(until)));
    return new Standing(Optional.of(gone.since()));
  }

  private Optional<Standing> lost(Domain owned) {
    if (stores.ownership().lose(owned.id(), grace)) {
      stores.incidents().close(owned.id().value(), Cause.DOMAIN_PROOF_MISSING.code());
      open(
          owned,
          Cause.DOMAIN_OWNED_BY_ANOTHER,
          "The proof of %s stayed away for %s after it was challenged."
              .formatted(owned.name(), grace));
    }
    return Optional.empty();
  }

  private void open(Domain owned, Cause cause, String evidence) {
    stores
        .incidents()
        .open(
            new NewIncident(
                EntityKind.DOMAIN,
                owned.id().value(),
                Optional.empty(),
                cause.code(),
                Map.of("evidence", evidence),
                cause.code(),
                Helper.valueOf(cause.helper().name())));
  }

  /// One answer for all owners: the one who keeps it counts most, then the one who lost it last.
  private String told(Domain claim, List<Standing> standing) {
    var since = new ArrayList<Instant>();
    standing.forEach(owner -> owner.missingSince().ifPresent(since::add));
    var what =
        "Your proof for %s is seen; another customer of ours proved this name, or one above or below it, before. "
            .formatted(claim.name());
    if (standing.isEmpty() || since.size() < standing.size()) {
      return what + "Their proof is still there.";
    }
    var last = since.stream().max(Comparator.naturalOrder()).orElseThrow();
    return what
        + "Their proof is gone since %s; if it stays away until %s, the domain is yours."
            .formatted(shown(last), shown(last.plus(grace)));
  }

  private static Instant shown(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  /// An owner who did not lose the name.
  private record Standing(Optional<Instant> missingSince) {}
}
