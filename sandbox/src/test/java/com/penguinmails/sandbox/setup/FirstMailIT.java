package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.server.ServerWorkflow;
import com.penguinmails.workflows.setup.ProofVerdict;
import com.penguinmails.workflows.temporal.Wanted;
import io.temporal.client.WorkflowClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The main job over HTTP, as a tenant does it: a bare host becomes a mail server that is proved by
/// a real message. Asked again for what it is, the server costs one look; what somebody changed by
/// hand is found and repaired.
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(900)
class FirstMailIT {
  private SandboxWorld world;
  private RunningProduct product;
  private TenantClient client;
  private String setup = "";

  @BeforeAll
  void start(@TempDir Path directory) {
    world = SandboxWorld.start(directory);
    product = RunningProduct.start(world);
    client = DemoTenant.of(world).client();
  }

  @AfterAll
  void stop() {
    product.close();
    world.destroy();
  }

  @Test
  @Order(1)
  void provesABareHostByARealMessage() {
    var request = DemoTenant.of(world).request(new DomainName("first-mail.test"), 0);

    var ordered = client.order("first-mail", request);
    var again = client.order("first-mail", request);
    setup = ordered.body().path("id").asText();
    untilState(setup, "DONE");

    assertThat(ordered.status()).isEqualTo(202);
    assertThat(again.body().path("id").asText()).isEqualTo(setup);
    var whole = client.look(setup).body();
    assertThat(whole.path("attention")).isEmpty();
    assertThat(texts(whole.path("proof").path("checks"), "name"))
        .containsExactlyInAnyOrderElementsOf(ProofVerdict.REQUIRED);
    assertThat(texts(whole.path("proof").path("checks"), "verdict")).containsOnly("PASSED");
    assertThat(texts(whole.path("steps"), "state")).containsOnly("DONE");
  }

  @Test
  @Order(2)
  void looksOnceAndChangesNothingWhenAllIsWell() {
    var files = files();

    assertThat(activitiesOf(this::wantAgain))
        .as("one of them speaks to the host")
        .containsExactly("Server.Facts", "Server.Probe", "Server.Applied");

    assertThat(files()).isEqualTo(files);
  }

  @Test
  @Order(3)
  void findsAndRepairsWhatSomebodyChangedByHand() {
    assertThat(files()).contains("/etc/postfix/main.cf");
    exec(
        "sed -i 's/^mynetworks.*/mynetworks = 0.0.0.0\\/0/' /etc/postfix/main.cf && postfix reload");
    exec("systemctl disable --now fail2ban");

    assertThat(activitiesOf(this::wantAgain))
        .containsExactly(
            "Server.Facts",
            "Server.Probe",
            "Server.Apply",
            "Server.Apply",
            "Server.Probe",
            "Server.Applied");

    assertThat(exec("postconf -h mynetworks")).isEqualTo("127.0.0.0/8");
    assertThat(exec("systemctl is-active fail2ban")).isEqualTo("active");
    assertThat(client.look(setup).body().path("state").asText()).isEqualTo("DONE");
  }

  /// As another set-up on this server would ask; nobody hears the answer.
  private void wantAgain() {
    var server = temporal().newWorkflowStub(ServerWorkflow.class, serverRun());
    var wanted = new Wanted(server.view().reached(), "setup/nobody", SetupId.of(setup));
    server.wanted(wanted);
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(activities()).endsWith("Server.Applied"));
    await().until(() -> server.view().waiting().isEmpty());
  }

  /// The activities a server's run began while something was done.
  private List<String> activitiesOf(Runnable what) {
    int before = activities().size();
    what.run();
    var all = activities();
    return all.subList(before, all.size());
  }

  private List<String> activities() {
    return temporal().fetchHistory(serverRun()).getHistory().getEventsList().stream()
        .filter(event -> event.hasActivityTaskScheduledEventAttributes())
        .map(event -> event.getActivityTaskScheduledEventAttributes().getActivityType().getName())
        .toList();
  }

  private String serverRun() {
    return temporal()
        .listExecutions("WorkflowType = 'ServerWorkflow'")
        .findFirst()
        .orElseThrow()
        .getExecution()
        .getWorkflowId();
  }

  private WorkflowClient temporal() {
    return product.worker().getBean(WorkflowClient.class);
  }

  /// Every file of the configuration with the time of its last change.
  private String files() {
    return exec("find /etc /usr/local -type f -printf '%p %T@ %i\\n' | sort");
  }

  private String exec(String command) {
    var host = world.host(0, new DomainName("mail.first-mail.test")).container();
    var output = host.exec("bash", "-c", command);
    assertThat(output.exitCode()).as("%s: %s", command, output.standardError()).isZero();
    return output.standardOutput().strip();
  }

  private void untilState(String setup, String state) {
    await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> assertThat(client.look(setup).body().path("state").asText()).isEqualTo(state));
  }

  private static List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(one -> one.path(field).asText())
        .toList();
  }
}
