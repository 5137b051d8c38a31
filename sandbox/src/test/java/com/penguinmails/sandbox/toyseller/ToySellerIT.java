package com.penguinmails.sandbox.toyseller;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.ports.secret.OwnerOnly;
import com.penguinmails.ports.vps.VpsProviderContract.Fault;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DomainName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `docs/providers/adding.md` followed to its end: a seller that the product has never heard of is
/// one package, its settings and its bean in the worker, and one name more for the API; nothing
/// else of the product is touched, and a tenant buys there.
@Timeout(300)
class ToySellerIT {
  private static final int FIRST_ADDRESS = 200;

  @Test
  void aTenantBuysFromASellerThatWasAdded(@TempDir Path directory) {
    var toys = new ToySeller[1];
    try (var tested =
        TestedProduct.start(
            SandboxWorld.Plan.in(directory, Depth.SIMULATED, (_, _) -> {}),
            world -> {
              toys[0] =
                  ToySeller.open(
                      directory.resolve("toys.json"),
                      "a-token",
                      world.machines(),
                      number -> world.address(FIRST_ADDRESS + number));
              return RunningProduct.start(
                  world,
                  ToySellerConfiguration.class,
                  Map.of(
                      "toy-seller.url", toys[0].url(),
                      "toy-seller.key-file", keyFile(directory)),
                  Map.of("penguin.api.providers", "hostwinds,toy"));
            })) {
      toys[0].nextPurchaseMeets(Fault.ANSWER_LOST);

      var setup = tested.order("toy", fromToy(DemoTenant.of(tested.world())));
      setup.untilState("DONE");

      assertThat(toys[0].invoices()).isOne();
      assertThat(tested.world().hostwinds().charges()).isEmpty();
      assertThat(setup.step("server/active").path("evidence").asText()).contains("192.0.2.200");
      toys[0].close();
    }
  }

  private static Path keyFile(Path directory) {
    try {
      var file = Files.createFile(directory.resolve("toy.key"), OwnerOnly.attribute());
      return Files.writeString(file, "a-token");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> fromToy(DemoTenant tenant) {
    var request = new TreeMap<>(tenant.purchase(new DomainName("toy.test")));
    request.put(
        "server",
        Map.of("provider", "toy", "plan", "toy-1", "place", "iceberg", "monthlyBudget", "8.00"));
    return request;
  }
}
