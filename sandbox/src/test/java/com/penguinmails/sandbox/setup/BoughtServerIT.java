package com.penguinmails.sandbox.setup;

import static com.penguinmails.sandbox.world.TenantSetup.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.sandbox.vps.SimulatedHostwinds.Charge;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.setup.ProofVerdict;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The main job with a server that is bought from the simulated Hostwinds: its machine is a bare
/// Docker host, the bill is read from its books.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(900)
class BoughtServerIT {
  private TestedProduct tested;

  @BeforeAll
  void start(@TempDir Path directory) {
    tested = TestedProduct.start(directory);
  }

  @AfterAll
  void stop() {
    tested.close();
  }

  @Test
  void buysOneServerThoughTheAnswerIsLostAndProvesIt() {
    var world = tested.world();
    world.hostwinds().plan("add_instance", new ProviderFault.AnswerLost(), 1);
    var request = DemoTenant.of(world).purchase(new DomainName("bought.test"));

    var setup = tested.order("bought", request);
    setup.untilState("DONE");

    var whole = setup.look();
    assertThat(texts(whole.path("proof").path("checks"), "name"))
        .containsExactlyInAnyOrderElementsOf(ProofVerdict.REQUIRED);
    assertThat(texts(whole.path("steps"), "state")).containsOnly("DONE");
    assertThat(world.hostwinds().calls("add_instance")).isOne();
    assertThat(world.hostwinds().charges())
        .extracting(Charge::reason, Charge::total)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("add_instance", new Money(999, "USD")));
  }
}
