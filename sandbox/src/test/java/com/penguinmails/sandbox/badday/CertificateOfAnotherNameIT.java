package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import com.penguinmails.sandbox.mail.simulated.MailFault;
import com.penguinmails.sandbox.mail.simulated.SimulatedMailServer;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// A mail server shows a certificate that the authority did issue, but for another name: one of the
/// tenant's other servers. Programs that send mail would refuse it.
@SimulatedBadDay
class CertificateOfAnotherNameIT {
  @Test
  void isNotProvedUntilTheServerShowsItsOwn(Running product) {
    var other = product.order(product.prepareToBuy("other-name.test"));
    other.untilProved();
    var prepared = product.prepareToBuy("certificate-name.test");
    var setup = product.order(prepared);
    setup.untilStepIsDone("domain/own"); // the records come seconds later, when the server is there
    product.world().dns().staleSecondary(prepared.domain());
    setup.untilStepWaits("domain/verify", Cause.DNS_NOT_VISIBLE); // it has its server by now
    var server = mail(product, setup);
    server.fault(
        new MailFault.OtherCertificate(
            Service.SMTP, mail(product, other).certificate(Service.SMTP).orElseThrow()));
    product.world().dns().heal(prepared.domain());

    setup.untilItTells(Cause.PROOF_CHECK_FAILED, "tls-25", "not for mail.certificate-name.test");

    server.heal();
    setup.retry();
    setup.untilProved();
  }

  private static SimulatedMailServer mail(Running product, OrderedSetup setup) {
    return product.world().hostwinds().mail(setup.bought().getFirst()).orElseThrow();
  }
}
