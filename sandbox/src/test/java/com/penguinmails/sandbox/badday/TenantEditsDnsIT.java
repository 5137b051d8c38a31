package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import org.junit.jupiter.api.Test;

/// The tenant edits the zone in the middle of it all, and takes one of our records away before it
/// was seen everywhere.
@SimulatedBadDay
class TenantEditsDnsIT {
  @Test
  void writesAgainWhatWasTakenAway(Running product) {
    var prepared = product.prepareToBuy("edited-zone.test");
    var zone = prepared.domain();
    var dns = product.world().dns();
    var setup = product.order(prepared);
    setup.untilStepIsDone("domain/own"); // the records come seconds later, when the server is there
    dns.staleSecondary(zone);
    setup.untilStepWaits("domain/verify", Cause.DNS_NOT_VISIBLE);

    var apex = RecordName.of(zone);
    assertThat(dns.read(zone, apex, DnsRecord.Type.TXT)).as("SPF").hasSize(1);
    dns.put(zone, apex, DnsRecord.Type.TXT);
    dns.heal(zone);

    setup.untilStepWaits("domain/verify", Cause.DNS_NOT_VISIBLE); // for the one that is gone now
    setup.retry();
    setup.untilProved();
    assertThat(dns.read(zone, apex, DnsRecord.Type.TXT)).as("SPF").hasSize(1);
  }
}
