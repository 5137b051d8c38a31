package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The worker is killed (SIGKILL) at three moments of a set-up, each time in the middle of another
/// kind of work, and a new one is started: the set-up ends proved, with nothing made twice.
@Timeout(900)
class WorkerKillIT {
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
  void goesOnAfterEachKill() {
    var domain = new DomainName("killed.test");
    var setup = TenantSetup.order(client, "killed", DemoTenant.of(world).request(domain, 0));

    workUntil(setup, "server/contact"); // our login is going in
    workUntil(setup, "server/020-packages"); // a long step runs on the host
    workUntil(setup, "server/250-dovecot"); // the certificate is on its way in
    var last = startWorker();
    setup.untilState("DONE");
    last.kill();

    assertThat(TestedProduct.count(world, "dkim_key")).isEqualTo(1);
    assertThat(TestedProduct.count(world, "mailbox")).isEqualTo(1);
    assertThat(TestedProduct.count(world, "certificate WHERE issues = 1")).isEqualTo(1);
    var dkim = new RecordName(single("SELECT selector FROM dkim_key") + "._domainkey.killed.test");
    assertThat(world.dns().read(domain, dkim, DnsRecord.Type.TXT)).hasSize(1);
  }

  /// Lets a worker work until the step has begun, then kills it.
  private void workUntil(TenantSetup setup, String step) {
    var worker = startWorker();
    await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> setup.hasBegun(step));
    worker.kill();
  }

  private ChildProcess startWorker() {
    started++;
    return WorkerProcess.start(world, logs, started);
  }

  private String single(String query) {
    return String.valueOf(
        JdbcClient.create(world.database().superuser("penguin")).sql(query).query().singleValue());
  }
}
