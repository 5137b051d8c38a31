package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import org.junit.jupiter.api.Test;

/// The DNS server takes our changes, but the registrar sends nobody there. Nothing is written that
/// nobody would see, and no retry is needed once the tenant has delegated the domain.
@SimulatedBadDay
class NotDelegatedIT {
  @Test
  void goesOnOnceTheRegistrarDelegates(Running product) {
    var prepared = product.prepareToBuy("not-delegated.test");
    var dns = product.world().dns();
    dns.undelegate(prepared.domain());
    var setup = product.order(prepared);

    setup.untilItTells(Cause.DNS_NOT_DELEGATED, "not-delegated.test", "registrar");
    setup.assertStepTells("domain/claim", Cause.DNS_NOT_DELEGATED);
    var apex = RecordName.of(prepared.domain());
    assertThat(dns.read(prepared.domain(), apex, DnsRecord.Type.MX)).isEmpty();
    setup.assertNotBegun("domain/publish");
    setup.assertNotBegun("certificate/authorise");

    dns.heal(prepared.domain());
    setup.untilProved();
  }
}
