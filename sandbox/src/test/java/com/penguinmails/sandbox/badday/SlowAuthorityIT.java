package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.acme.AcmeFaultProxy.Fault;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The authority takes its time to issue, or issues and its answers are lost: that is waited for
/// where everybody can read it, and there is one certificate all the same.
@SimulatedBadDay
class SlowAuthorityIT {
  private static final Duration LONGER_THAN_WE_LISTEN = Duration.ofSeconds(35);
  private static final Duration AGAIN = Duration.ofSeconds(8);
  private static final int ALL = 1000;

  @Test
  void waitsForASlowOne(Running product) {
    var prepared = product.prepareToBuy("slow-finalise.test");
    var authority = product.world().acmeFaults();
    int orders = authority.requests("order-plz").size();
    int finalised = authority.requests("finalize-order").size();
    for (var delay : List.of(LONGER_THAN_WE_LISTEN, AGAIN)) {
      authority.plan("finalize-order", new Fault.Slow(delay), 1);
    }
    var setup = product.order(prepared);

    setup.untilStepWaits("certificate/issue", Cause.CA_UNREACHABLE);
    assertThat(setup.evidence("certificate/issue")).contains("completing order");

    setup.untilProved();
    assertThat(authority.requests("order-plz")).as("one order").hasSize(orders + 1);
    assertThat(authority.requests("finalize-order"))
        .as("the fault was met")
        .hasSizeGreaterThan(finalised);
  }

  @Test
  void fetchesWhatWasIssuedWithoutAnAnswer(Running product) {
    var prepared = product.prepareToBuy("issued-silently.test");
    var authority = product.world().acmeFaults();
    int orders = authority.requests("order-plz").size();
    int finalised = authority.requests("finalize-order").size();
    int fetched = authority.requests("certZ").size();
    authority.plan("finalize-order", new Fault.CutAfter(), 1);
    authority.plan("certZ", new Fault.CutAfter(), ALL); // and every look at the certificate
    var setup = product.order(prepared);

    setup.untilStepWaits("certificate/issue", Cause.CA_UNREACHABLE);
    assertThat(setup.evidence("certificate/issue")).contains("completing order", "no connection");
    assertThat(authority.requests("certZ")).as("it was issued").hasSizeGreaterThan(fetched);

    authority.heal();
    setup.untilProved();
    assertThat(authority.requests("order-plz")).as("one order").hasSize(orders + 1);
    assertThat(authority.requests("finalize-order"))
        .as("issued once, and fetched")
        .hasSize(finalised + 1);
  }
}
