package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import org.junit.jupiter.api.Test;

/// The domain lets only another authority issue certificates: ours is not even asked for one. The
/// tenant reads the very record to add.
@SimulatedBadDay
class CaaForbidsIT {
  private static final String THEIRS = "0 issue \"ca.elsewhere.test\"";
  private static final String OURS = "0 issue \"pebble.letsencrypt.org\"";

  @Test
  void ordersNothingUntilTheTenantAllowsIt(Running product) {
    var prepared = product.prepareToBuy("caa-forbids.test");
    var dns = product.world().dns();
    var apex = RecordName.of(prepared.domain());
    dns.put(prepared.domain(), apex, DnsRecord.Type.CAA, THEIRS);
    var setup = product.order(prepared);

    setup.untilItTells(
        Cause.CA_FORBIDDEN_BY_CAA,
        "ca.elsewhere.test",
        "caa-forbids.test CAA 0 issue",
        "pebble.letsencrypt.org");
    setup.assertNotBegun("certificate/order");

    dns.put(prepared.domain(), apex, DnsRecord.Type.CAA, THEIRS, OURS);
    setup.retry();
    setup.untilProved();
  }
}
