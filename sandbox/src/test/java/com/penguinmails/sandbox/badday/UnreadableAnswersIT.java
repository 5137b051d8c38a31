package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// Instead of an answer comes a page of something in front of the seller, or nothing at all.
/// Whether it was bought is looked up, never tried again.
@SimulatedBadDay
class UnreadableAnswersIT {
  private static final int ALL = 1000;

  @Test
  void keepsAskingWhileNothingCanBeRead(Running product) {
    var prepared = product.prepareToBuy("pages-instead.test");
    var hostwinds = product.world().hostwinds();
    hostwinds.plan("get_price_list", new ProviderFault.Html(502), ALL);
    var setup = product.order(prepared);

    setup.untilStepWaits("server/reserve", Cause.PROVIDER_UNREACHABLE);

    hostwinds.heal();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }

  @Test
  void findsWhatAPageAnsweredFor(Running product) {
    finds(product, "bought-behind-a-page.test", new ProviderFault.HtmlAfter(504), "HTTP 504");
  }

  @Test
  void findsWhatNobodyAnsweredFor(Running product) {
    finds(product, "answer-lost.test", new ProviderFault.AnswerLost(), "did not answer");
  }

  private static void finds(Running product, String domain, ProviderFault fault, String evidence) {
    var prepared = product.prepareToBuy(domain);
    var hostwinds = product.world().hostwinds();
    int purchases = hostwinds.calls("add_instance");
    hostwinds.plan("add_instance", fault, 1);
    hostwinds.plan("get_instance_ids", new ProviderFault.ListsNothing(), ALL);
    var setup = product.order(prepared);

    setup.untilStepWaits("server/listed", Cause.SERVER_ADDRESS_AWAITED);
    assertThat(setup.evidence("server/buy")).contains(evidence);
    assertThat(setup.evidence("server/listed")).contains("Nothing is listed");
    setup.assertNotBegun("server/active");

    hostwinds.heal();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
    assertThat(hostwinds.calls("add_instance")).isEqualTo(purchases + 1);
    setup.assertNeverTold(Cause.PURCHASE_UNCLEAR);
  }
}
