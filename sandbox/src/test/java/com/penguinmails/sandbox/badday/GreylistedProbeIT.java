package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.mail.ProbeHost.Fault;
import com.penguinmails.workflows.model.Cause;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The receiver holds back the first mail of a new server (greylisting), for longer than the tenant
/// would wait without a word. Only this test's host is held back: the others are served as ever.
@BadDay
class GreylistedProbeIT {
  private static final Duration FOR_LONG = Duration.ofHours(1);

  @AfterEach
  void serveEverybody(Running product) {
    product.world().probeHost().heal();
  }

  @Test
  void isToldAndEndsProvedOnceTheMessageIsLetIn(Running product) {
    var prepared = product.prepare("greylisted.test");
    var address =
        product.world().host(prepared.hostNumber(), prepared.domain().child("mail")).address();
    product.world().probeHost().fault(new Fault.GreylistOne(address, FOR_LONG));
    var setup = product.order(prepared);

    setup.untilItTells(
        Cause.PROOF_MESSAGE_NOT_ARRIVED, "mail.greylisted.test", "mx.probe.test", "greylisting");
    var host = product.host(prepared);
    assertThat(host.run("postqueue -p")).as("what the receiver answered").contains("Greylisted");

    product.world().probeHost().heal();
    host.run("postqueue -f"); // what the queue does by itself every quarter of an hour
    setup.untilProved();
  }
}
