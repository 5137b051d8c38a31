package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.acme.AcmeFaultProxy.Fault;
import com.penguinmails.workflows.model.Cause;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The authority is lost with all it knew: the account, the order and its own root. Its new root
/// must be trusted first, by the sandbox' probe; a real authority keeps its roots.
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600)
class ForgetfulAuthorityIT {
  @Test
  void ordersAgainFromAnAuthorityThatForgotEverything(@TempDir Path directory) {
    try (var product = OwnProduct.start(directory)) {
      var setup = product.order("forgetful-authority.test");
      var authority = product.world().acmeFaults();
      authority.plan("finalize-order", new Fault.CutBefore(), 1000);
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> {
            var step = setup.step("certificate/issue");
            assertThat(step.path("waitingFor").asText())
                .as("%s", step)
                .isEqualTo(Cause.CA_UNREACHABLE.name());
            assertThat(step.path("nextStep").asText()).isEqualTo(Cause.CA_UNREACHABLE.nextStep());
            assertThat(step.path("whoCanHelp").asText())
                .isEqualTo(Cause.CA_UNREACHABLE.helper().name());
          });

      product.world().restartAuthority();
      authority.heal();
      product.stopWorker();
      product.startWorker();

      setup.untilState("DONE");
      assertThat(authority.requests("order-plz")).as("the first was forgotten").hasSize(2);
      product.assertBoughtOnce(1);
    }
  }
}
