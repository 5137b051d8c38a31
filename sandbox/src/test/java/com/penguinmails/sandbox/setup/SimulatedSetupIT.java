package com.penguinmails.sandbox.setup;

import static com.penguinmails.sandbox.world.TenantSetup.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.setup.ProofVerdict;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The main job without Docker: server, DNS and mail programs are simulated, the product is not.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
class SimulatedSetupIT {
  private TestedProduct tested;

  @BeforeAll
  void start(@TempDir Path directory) {
    tested = TestedProduct.start(SandboxWorld.Plan.in(directory, Depth.SIMULATED, (_, _) -> {}));
  }

  @AfterAll
  void stop() {
    tested.close();
  }

  @Test
  void buysBuildsAndProvesWithoutDocker() {
    var world = tested.world();
    world.hostwinds().plan("add_instance", new ProviderFault.AnswerLost(), 1);

    var setup =
        tested.order("simulated", DemoTenant.of(world).purchase(new DomainName("simulated.test")));
    setup.untilState("DONE");

    var whole = setup.look();
    assertThat(texts(whole.path("proof").path("checks"), "name"))
        .containsExactlyInAnyOrderElementsOf(ProofVerdict.REQUIRED);
    assertThat(texts(whole.path("steps"), "state")).containsOnly("DONE");
    assertThat(world.hostwinds().charges()).hasSize(1);
  }
}
