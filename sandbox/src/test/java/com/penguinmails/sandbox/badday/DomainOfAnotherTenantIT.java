package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Prepared;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.domain.OwnershipDecision;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Another tenant has proved that the domain is theirs, and both may write to its zone. The owner
/// is held up by a price, so that nothing of theirs but the proof is in the zone.
@SimulatedBadDay
class DomainOfAnotherTenantIT {
  @Test
  void goesOnWhenTheOwnersProofStayedAway(Running product) {
    var prepared = product.prepareToBuy("owned.test");
    var domain = prepared.domain();
    var owner = product.order(prepared, PriceAboveBudgetIT::thrifty);
    owner.untilItTells(Cause.PRICE_ABOVE_BUDGET);
    var theirs = proofs(product, domain, domain);
    assertThat(theirs).hasSize(1);

    var setup = product.orderOfAnother(prepared, request -> request);
    setup.untilItTells(Cause.DOMAIN_OWNED_BY_ANOTHER, "owned.test", "Their proof is still there");
    setup.assertStepTells("domain/own", Cause.DOMAIN_OWNED_BY_ANOTHER);
    assertNothingBegan(setup);
    assertThat(product.world().dns().read(domain, RecordName.of(domain), DnsRecord.Type.MX))
        .isEmpty();
    assertThat(setup.look().toString())
        .doesNotContain("Acme Outreach", tenantOf(product, owner), theirs.getFirst());
    var both = proofs(product, domain, domain);
    assertThat(both).hasSize(2).containsAll(theirs);

    var ours = both.stream().filter(value -> !theirs.contains(value)).toList();
    product
        .world()
        .dns()
        .put(domain, proofName(domain), DnsRecord.Type.TXT, ours.toArray(String[]::new));
    owner.untilTheTenantReads(Cause.DOMAIN_PROOF_MISSING, theirs.getFirst());
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);

    owner.untilTheTenantReads(Cause.DOMAIN_OWNED_BY_ANOTHER);
    owner.cancel();
    owner.untilCancelled();
    assertThat(proofs(product, domain, domain)).isEqualTo(ours);
  }

  @Test
  void namesBelowAreTheOwnersToo(Running product) {
    var above = product.prepareToBuy("owned-above.test");
    var below = new Prepared(above.domain().child("news"), above.hostNumber(), above.request());
    var owner = product.order(above, PriceAboveBudgetIT::thrifty);
    owner.untilItTells(Cause.PRICE_ABOVE_BUDGET);

    var setup = product.orderOfAnother(below, _ -> below(above, below));
    setup.untilItTells(Cause.DOMAIN_OWNED_BY_ANOTHER, "news.owned-above.test");
    assertNothingBegan(setup);
    assertThat(proofs(product, above.domain(), below.domain())).hasSize(1);

    setup.cancel();
    setup.untilCancelled();
    assertThat(proofs(product, above.domain(), below.domain())).isEmpty();
    assertThat(proofs(product, above.domain(), above.domain())).hasSize(1);
    owner.cancel();
    owner.untilCancelled();
  }

  /// Whoever proves it first is the owner, whoever asked first.
  @Test
  void whoOnlyClaimsItHoldsNobodyUp(Running product) {
    var prepared = product.prepareToBuy("claimed.test");
    var claimant = product.order(prepared, ManualRecordsHalfRightIT::byHand);
    claimant.untilStepWaits("domain/own", Cause.DNS_RECORDS_AWAITED);

    var setup = product.orderOfAnother(prepared, request -> request);
    setup.untilProved();

    claimant.assertStepTells("domain/own", Cause.DNS_RECORDS_AWAITED);
    assertNothingBegan(claimant);
    claimant.cancel();
    claimant.untilCancelled();
  }

  private static void assertNothingBegan(OrderedSetup setup) {
    for (var step : List.of("server/reserve", "domain/publish", "certificate/order")) {
      setup.assertNotBegun(step);
    }
    assertThat(setup.bought()).isEmpty();
  }

  private static Map<String, Object> below(Prepared zone, Prepared ordered) {
    var request = new TreeMap<>(ordered.request());
    var dns = new TreeMap<Object, Object>((Map<?, ?>) request.get("dns"));
    dns.put("zone", zone.domain().value());
    request.put("dns", dns);
    request.put("domain", ordered.domain().value());
    return request;
  }

  private static RecordName proofName(DomainName domain) {
    return RecordName.of(OwnershipDecision.LABEL, domain);
  }

  private static List<String> proofs(Running product, DomainName zone, DomainName domain) {
    return product.world().dns().read(zone, proofName(domain), DnsRecord.Type.TXT).stream()
        .map(DnsRecord::value)
        .toList();
  }

  private static String tenantOf(Running product, OrderedSetup setup) {
    return TestedProduct.tenantOf(product.world(), setup.look().path("id").asText());
  }
}
