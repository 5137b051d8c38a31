package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.sandbox.world.WorkerProcess;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.ServerActivities;
import com.penguinmails.workflows.server.ServerActivities.HostProbed;
import com.penguinmails.workflows.server.ServerActivities.ProbeHost;
import com.penguinmails.workflows.server.ServerActivities.StepState;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.testing.TestActivityEnvironment;
import io.temporal.testing.TestEnvironmentOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/// One set-up on a real machine: the worker is killed (SIGKILL) ten times, whatever it is at, the
/// machine is without its network for a minute while it installs packages, and is reset while it
/// converges. It ends proved, with nothing made twice, no unit failed, no package half installed,
/// and no step of the host's plan but that is as it should be.
@Timeout(1200)
class RealMachineKillIT {
  private static final Logger LOG = LoggerFactory.getLogger(RealMachineKillIT.class);
  private static final int KILLS = 10;
  private static final int WORKS_FOR_AT_MOST = 8_000;
  private static final Duration WITHOUT_NETWORK = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final DomainName DOMAIN = new DomainName("killed.test");

  private SandboxWorld world;
  private ConfigurableApplicationContext api;
  private TenantClient client;
  private Path logs;
  private int started;

  @BeforeEach
  void start(@TempDir Path directory) {
    world = SandboxWorld.start(directory.resolve("world"));
    api = RunningProduct.startApi(world);
    client = DemoTenant.of(world).client();
    logs = directory.resolve("workers");
  }

  @AfterEach
  void stop() {
    api.close();
    world.destroy();
  }

  @Test
  void finishesWhateverDies() {
    long seed = System.nanoTime();
    LOG.info("Kills by seed {}", seed);
    var setup = TenantSetup.order(client, "killed", DemoTenant.of(world).request(DOMAIN, 0));
    var host = world.host(0, DOMAIN.child("mail"));
    var machine = CompletableFuture.runAsync(() -> disturb(host));

    killWorkers(setup, new Random(seed));
    var last = startWorker();
    setup.untilState("DONE");
    machine.join();
    last.kill();

    assertNothingIsThereTwice();
    assertThat(host.container().exec("systemctl", "--failed", "--no-legend").standardOutput())
        .isEmpty();
    assertThat(halfInstalled(host)).isEmpty();
    assertThat(probe(setup).steps()).hasSizeGreaterThan(10).allMatch(StepState::isSettled);
  }

  private HostProbed probe(TenantSetup setup) {
    var server = ServerId.of(TestedProduct.serverRun(world, setup).replace("server/", ""));
    var order =
        new ProbeHost(
            TenantId.of(TestedProduct.tenantOf(world, setup.id())),
            server,
            SetupId.of(setup.id()),
            1);
    try (var worker = RunningProduct.startWorker(world)) {
      var environment =
          TestActivityEnvironment.newInstance(
              TestEnvironmentOptions.newBuilder()
                  .setWorkflowClientOptions(worker.getBean(WorkflowClient.class).getOptions())
                  .build());
      try {
        environment.registerActivitiesImplementations(worker.getBean(ServerActivities.class));
        return environment
            .newActivityStub(
                ServerActivities.class,
                ActivityOptions.newBuilder().setStartToCloseTimeout(PATIENCE).build())
            .probe(order);
      } finally {
        environment.close();
      }
    }
  }

  private void killWorkers(TenantSetup setup, Random dice) {
    for (int i = 0; i < KILLS; i++) {
      var worker = startWorker();
      await().atMost(PATIENCE).until(() -> WorkerProcess.isAtWork(worker));
      pause(Duration.ofMillis(dice.nextInt(WORKS_FOR_AT_MOST)));
      assertThat(setup.state()).as("before kill %d", i + 1).isNotEqualTo("DONE");
      worker.kill();
    }
  }

  private static void disturb(DockerHost host) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !halfInstalled(host).isBlank());
    host.disconnect();
    pause(WITHOUT_NETWORK);
    host.reconnect();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> runs(host, "250-dovecot"));
    host.reset();
  }

  private void assertNothingIsThereTwice() {
    assertThat(TestedProduct.count(world, "dkim_key")).isEqualTo(1);
    assertThat(TestedProduct.count(world, "mailbox")).isEqualTo(1);
    assertThat(TestedProduct.count(world, "certificate WHERE issues = 1")).isEqualTo(1);
    var selector =
        JdbcClient.create(world.database().superuser("penguin"))
            .sql("SELECT selector FROM dkim_key")
            .query(String.class)
            .single();
    var dkim = new RecordName(selector + "._domainkey.killed.test");
    assertThat(world.dns().read(DOMAIN, dkim, DnsRecord.Type.TXT)).hasSize(1);
  }

  private ChildProcess startWorker() {
    started++;
    return WorkerProcess.start(world, logs, started);
  }

  private static boolean runs(DockerHost host, String step) {
    return host.container()
            .exec("sh", "-c", "systemctl is-active -q \"pm-$1-*.service\"", "sh", step)
            .exitCode()
        == 0;
  }

  private static String halfInstalled(DockerHost host) {
    return host.container().exec("dpkg", "--audit").standardOutput();
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped", stopping);
    }
  }
}
