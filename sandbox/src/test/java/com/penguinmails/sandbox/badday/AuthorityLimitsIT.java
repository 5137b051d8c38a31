package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.acme.AcmeFaultProxy.Fault;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The certificate authority has had enough of us for a while and says for how long (RFC 8555,
/// 6.6): exactly that is waited, and nothing asked meanwhile.
@SimulatedBadDay
class AuthorityLimitsIT {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(20);

  private static List<Instant> orders(Running product) {
    return product.world().acmeFaults().requests("order-plz");
  }

  @Test
  void waitsAsLongAsTheAuthoritySays(Running product) {
    var prepared = product.prepareToBuy("authority-limits.test");
    product.world().acmeFaults().plan("order-plz", new Fault.TooManyRequests(RETRY_AFTER, true), 1);
    int before = orders(product).size();
    var setup = product.order(prepared);

    setup.untilStepWaits("certificate/order", Cause.CA_RATE_LIMITED);
    setup.assertNotBegun("certificate/challenge");

    setup.untilProved();
    var asked = orders(product).subList(before, orders(product).size());
    assertThat(asked).as("refused, and once more").hasSize(2);
    assertThat(Duration.between(asked.getFirst(), asked.getLast())).isGreaterThan(RETRY_AFTER);
  }
}
