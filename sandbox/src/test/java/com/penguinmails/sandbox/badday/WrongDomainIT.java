package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Prepared;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.world.TestedProduct;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// What the tenant typed is no domain of theirs: they are told at once which field is wrong and
/// what helps, and nothing is begun. Typed in their own script, it is their domain.
@SimulatedBadDay
class WrongDomainIT {
  @Test
  void isRefusedBeforeAnythingIsBegunAndTakenInUnicode(Running product) {
    var prepared = product.prepareToBuy("xn--wrong-domin-t8a.test");
    var before = TestedProduct.count(product.world(), "setup");

    assertRefused(product, prepared, request -> request.remove("domain"), "is missing");
    assertRefused(product, prepared, request -> request.put("domain", "acme"), "single word");
    assertRefused(product, prepared, request -> request.put("domain", "co.uk"), "everybody");
    assertRefused(product, prepared, request -> request.put("domain", "a@b.test"), "mail address");
    assertRefused(product, prepared, request -> request.put("domain", "straße.test"), "xn--");
    assertThat(TestedProduct.count(product.world(), "setup")).as("set-ups").isEqualTo(before);

    var unicode = prepared.domain().unicode();
    assertThat(unicode).isNotEqualTo(prepared.domain().value());
    var setup = product.order(prepared, changed(request -> request.put("domain", unicode)));
    assertThat(setup.look().path("domain").path("unicode").asText()).isEqualTo(unicode);
    setup.untilProved();
  }

  private static void assertRefused(
      Running product, Prepared prepared, Consumer<Map<String, Object>> change, String words) {
    var answer = product.ask(prepared, changed(change));

    assertThat(answer.status()).as("%s", answer).isEqualTo(400);
    assertThat(answer.body().path("type").asText()).endsWith("/invalid-request");
    assertThat(answer.body().path("faults"))
        .as("%s", answer)
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.path("field").asText()).isEqualTo("domain");
          assertThat(fault.path("detail").asText()).contains(words);
        });
  }

  private static UnaryOperator<Map<String, Object>> changed(Consumer<Map<String, Object>> change) {
    return request -> {
      var copy = new TreeMap<>(request);
      change.accept(copy);
      return copy;
    };
  }
}
