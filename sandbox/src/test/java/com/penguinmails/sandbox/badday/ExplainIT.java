package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.api.decision.ExplainCommand;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A set-up with two bad days behind it, explained when nobody works any more and Temporal is gone:
/// the rows alone tell it.
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600)
class ExplainIT {
  @Test
  void tellsWhyItWaitedAndWhyItHasAnotherAddress(@TempDir Path directory) {
    try (var product = OwnProduct.start(directory)) {
      var world = product.world();
      var bad = world.hostwinds().nextAddress();
      var good = world.hostwinds().nextAddress(1);
      world.blacklists().add(SimulatedBlacklists.SOUND, bad);
      var name = new DomainName("explained.test");
      var setup =
          TenantSetup.order(product.client(), "key", DemoTenant.of(world).purchase(name, "5.00"));
      await()
          .atMost(Duration.ofMinutes(4))
          .until(() -> setup.causes().contains(Cause.PRICE_ABOVE_BUDGET.name()));
      setup.retry(Map.of("server", Map.of("monthlyBudget", "15.00")));
      setup.untilState("DONE");
      var server = setup.look().path("server").asText();
      product.stopWorker();
      world.temporal().kill();

      var key = anotherKey(world, setup);
      var story = explain(world, key, 0, "setup", setup.id());

      assertThat(story)
          .containsSubsequence(
              "The set-up of explained.test was ordered.",
              "No money was set aside, so nothing was bought: " + Cause.PRICE_ABOVE_BUDGET.what(),
              "Seen: It costs 9.99 USD a month; allowed are 5.00 USD.",
              "The tenant allowed another budget for the server: 15.00 USD.",
              "The money for the server was set aside.",
              "so one was to be bought: try 1.",
              "The seller was asked once for a server, and said yes.",
              "Blacklists speak against the address " + bad.value(),
              "Another address than " + bad.value() + " was ordered",
              "The server has another address than %s now: %s."
                  .formatted(bad.value(), good.value()),
              "Blacklists say nothing severe against the address " + good.value(),
              "The server may send mail from " + good.value(),
              "The bought server was taken over, with the address " + good.value(),
              "proved that all of it works.",
              "The set-up ended as DONE.")
          .contains("This stood in the way until ", "(PurchaseDecision; from order ")
          .contains("The domain is proved to be the tenant's", "our certificate authority")
          .contains("A certificate was issued; it is to be renewed after ")
          .doesNotContain("not recorded");
      assertThat(explain(world, key, 0, "server", server, "--json"))
          .contains("\"rule\" : \"AddressDecision\"")
          .doesNotContain("The domain is proved");
      explain(world, key, 1, "domain", UUID.randomUUID().toString());
    }
  }

  private static String explain(SandboxWorld world, String key, int code, String... line) {
    var out = new ByteArrayOutputStream();
    var print = new PrintStream(out, true, StandardCharsets.UTF_8);
    var environment = Map.of("PENGUIN_API_KEY", key, "PENGUIN_API_URL", world.apiUrl().toString());

    var ended = new ExplainCommand(environment, print, print).run(List.of(line));

    var told = out.toString(StandardCharsets.UTF_8);
    assertThat(ended).as(told).isEqualTo(code);
    return told;
  }

  private static String anotherKey(SandboxWorld world, TenantSetup setup) {
    var tenant = TenantId.of(TestedProduct.tenantOf(world, setup.id()));
    return new TenantStore(new Tenancy(world.appDataSource())).createApiKey(tenant, "story").key();
  }
}
