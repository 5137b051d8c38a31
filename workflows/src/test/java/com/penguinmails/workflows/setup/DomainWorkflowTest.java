package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.workflows.domain.DomainWorkflow;
import com.penguinmails.workflows.domain.DomainWorkflow.BeginDomain;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A domain that several ask for, while it is being made.
@Timeout(60)
class DomainWorkflowTest {
  private final InMemoryWorld world = new InMemoryWorld();
  private final TenantId tenant = new TenantId(new UUID(2, 2));
  private final TestWorkflowEnvironment temporal = world.inMemoryTemporal();

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void interruptsNothingForWhatItIsMaking() {
    world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
    begin(1);
    until(() -> count("Domain.Verify") > 0);

    domain().wanted(wanted(1, 2));
    until(() -> domain().view().waiting().size() == 2);
    world.faults.clear();
    until(() -> domain().view().waiting().isEmpty());

    assertThat(count("Domain.Plan")).isEqualTo(1);
  }

  /// Of a version that the database does not have too: it is never made.
  @Test
  void beginsAnewOnceForANewerVersionHoweverOftenItIsSaid() {
    world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
    begin(1);
    until(() -> count("Domain.Verify") > 0);

    domain().wanted(wanted(9, 2));
    until(() -> count("Domain.Plan") == 2);
    for (int i = 0; i < 3; i++) {
      long looks = count("Domain.Verify");
      domain().wanted(wanted(9, 2));
      until(() -> count("Domain.Verify") > looks + 1);
    }

    assertThat(count("Domain.Plan")).isEqualTo(2);
  }

  /// When there is nothing to interrupt, because nothing polls at that moment.
  @Test
  void doesNotPollForWhatIsOutdatedSinceItRead() {
    world.publishes.drainPermits();
    begin(1);
    until(() -> world.calls.contains("Domain.Publish"));

    world.domainVersion.set(2);
    domain().wanted(wanted(2, 2));
    until(() -> domain().view().waiting().size() == 2);
    world.publishes.release(1_000);
    until(() -> domain().view().waiting().isEmpty());

    assertThat(domain().view().reached()).isEqualTo(2);
    assertThat(count("Domain.Publish")).isEqualTo(2);
    assertThat(count("Domain.Verify")).as("not for version 1").isEqualTo(1);
  }

  /// Whatever makes somebody ask for it: a version that is not wanted is looked for when the pace
  /// says so, or at the next request, and not all the time.
  @Test
  void doesNotSpinOnAVersionThatIsNotWanted() {
    begin(5);
    until(() -> count("Domain.Verify") == 1);
    domain().wanted(wanted(5, 1));
    until(() -> count("Domain.Verify") == 2);
    assertThat(domain().view().waiting()).hasSize(1);

    world.domainVersion.set(5);
    domain().wanted(wanted(5, 1));
    until(() -> domain().view().reached() == 5);

    assertThat(count("Domain.Verify")).isEqualTo(3);
    assertThat(domain().view().waiting()).isEmpty();
  }

  private long count(String call) {
    return world.calls.stream().filter(call::equals).count();
  }

  /// @param asker tells set-ups apart
  private static Wanted wanted(long version, int asker) {
    var setup = new SetupId(new UUID(2, asker));
    return new Wanted(version, WorkflowIds.of(setup), setup);
  }

  private DomainWorkflow domain() {
    return temporal
        .getWorkflowClient()
        .newWorkflowStub(DomainWorkflow.class, WorkflowIds.of(world.domain));
  }

  private void begin(long version) {
    var run =
        temporal
            .getWorkflowClient()
            .newWorkflowStub(
                DomainWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(TaskQueues.DECISIONS)
                    .setWorkflowId(WorkflowIds.of(world.domain))
                    .build());
    WorkflowClient.start(
        run::run,
        new BeginDomain(
            tenant,
            world.domain,
            new DomainName("acme-outreach.test"),
            wanted(version, 1),
            InMemoryWorld.PACE,
            Optional.empty()));
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(20)).until(condition);
  }
}
