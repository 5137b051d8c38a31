package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.RecordName;
import org.junit.jupiter.api.Test;

/// The zone shows the challenge, but the authority's own resolver does not see it, and the
/// authority gives the order up. Pebble really validates and really fails; only this name is hidden
/// from it, so that nobody else is disturbed.
@SimulatedBadDay
class FailedAuthorisationIT {
  @Test
  void ordersAgainUntilTheAuthoritySeesTheChallenge(Running product) {
    var prepared = product.prepareToBuy("failed-authorisation.test");
    var challenge = RecordName.of("_acme-challenge.mail", prepared.domain());
    product.world().dns().hide(challenge);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.CA_AUTHORISATION_FAILED, "mail.failed-authorisation.test", "TXT");
    setup.assertStepTells("certificate/authorise", Cause.CA_AUTHORISATION_FAILED);
    setup.assertNotBegun("certificate/issue");

    product.world().dns().showAgain(challenge);
    setup.untilProved();
  }
}
