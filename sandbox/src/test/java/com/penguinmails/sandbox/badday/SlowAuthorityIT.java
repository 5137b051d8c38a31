package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.acme.AcmeFaultProxy.Fault;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The authority takes its time to issue, or issues and its answer is lost: there is one
/// certificate all the same.
@SimulatedBadDay
class SlowAuthorityIT {
  private static final Duration LONGER_THAN_WE_LISTEN = Duration.ofSeconds(35);

  @Test
  void waitsForASlowOne(Running product) {
    isIssuedOnce(product, "slow-finalise.test", new Fault.Slow(LONGER_THAN_WE_LISTEN));
  }

  @Test
  void fetchesWhatWasIssuedWithoutAnAnswer(Running product) {
    isIssuedOnce(product, "issued-silently.test", new Fault.CutAfter());
  }

  private static void isIssuedOnce(Running product, String domain, Fault fault) {
    var prepared = product.prepareToBuy(domain);
    var authority = product.world().acmeFaults();
    int orders = authority.requests("order-plz").size();
    int finalised = authority.requests("finalize-order").size();
    authority.plan("finalize-order", fault, 1);
    var setup = product.order(prepared);

    setup.untilProved();

    assertThat(authority.requests("order-plz")).as("one order").hasSize(orders + 1);
    assertThat(authority.requests("finalize-order"))
        .as("the fault was met")
        .hasSizeGreaterThan(finalised);
  }
}
