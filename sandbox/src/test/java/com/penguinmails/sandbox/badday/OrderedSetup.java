package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.world.Staff;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.Cause.Helper;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.setup.ProofVerdict;
import io.temporal.api.sdk.v1.WorkflowMetadata;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// A set-up that was ordered, as its tenant sees it through the API and staff through Temporal.
final class OrderedSetup {
  private static final Duration UNTIL_NOTICED = Duration.ofMinutes(8);

  private final TenantSetup setup;
  private final TestedProduct tested;
  private final WorkflowClient temporal;
  private final DomainName domain;

  OrderedSetup(TenantSetup setup, TestedProduct tested, DomainName domain) {
    this.setup = setup;
    this.tested = tested;
    this.temporal = tested.temporal();
    this.domain = domain;
  }

  JsonNode look() {
    return setup.look();
  }

  /// Waits until the set-up asks for attention because of the cause, and asserts that the tenant
  /// reads what happened, what helps and who must act, and that staff read the same in Temporal's
  /// UI.
  ///
  /// @param evidence words that must be in what was seen
  void untilItTells(Cause cause, String... evidence) {
    untilTheTenantReads(cause, evidence);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          var read = staffRead(cause);
          assertThat(read).as("read by staff").isNotEmpty();
          assertThat(evidence).allSatisfy(words -> assertThat(read).contains(words));
        });
  }

  /// As [#untilItTells], of something that the work does not wait for: its run does not say it.
  void untilTheTenantReads(Cause cause, String... evidence) {
    await()
        .atMost(UNTIL_NOTICED)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> assertThat(attention(cause)).as("asks for attention: %s", look()).isPresent());
    var told = attention(cause).orElseThrow();
    assertThat(told.path("what").asText()).isEqualTo(cause.what());
    assertThat(told.path("nextStep").asText()).isEqualTo(cause.nextStep());
    assertThat(told.path("whoActs").asText()).isEqualTo(cause.helper().name());
    var details = told.path("details").toString();
    assertThat(evidence).allSatisfy(words -> assertThat(details).contains(words));
    assertThat(setup.state()).isNotIn("FAILED", "CANCELLED");
  }

  /// Waits until a step says that it waits for this cause, who can help, and what helps; nothing is
  /// final, so nobody is asked for attention yet.
  ///
  /// @param step such as `server/020-packages`
  void untilStepWaits(String step, Cause cause) {
    await()
        .atMost(UNTIL_NOTICED)
        .during(Duration.ofSeconds(3)) // between attempts and in them
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() ->
            assertThat(setup.step(step).path("state").asText())
                .as("%s", look())
                .isEqualTo("WAITING"));
    assertStepTells(step, cause);
    assertThat(look().path("attention")).isEmpty();
  }

  /// Asserts what a step that cannot go on tells the tenant, and that it waits where only the
  /// tenant or time can help. A newer wish may have it tried again at once; for that moment it
  /// tells nothing.
  void assertStepTells(String name, Cause cause) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          var step = setup.step(name);
          assertThat(step.path("waitingFor").asText()).as("%s", step).isEqualTo(cause.name());
          assertThat(step.path("whoCanHelp").asText()).isEqualTo(cause.helper().name());
          assertThat(step.path("state").asText())
              .isEqualTo(cause.helper() == Helper.STAFF ? "FAILED" : "WAITING");
          assertThat(step.path("what").asText()).isEqualTo(cause.what());
          assertThat(step.path("nextStep").asText()).isEqualTo(cause.nextStep());
        });
  }

  /// Waits until the step is done, and answers at once then.
  void untilStepIsDone(String step) {
    await()
        .atMost(UNTIL_NOTICED)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() ->
            assertThat(setup.step(step).path("state").asText()).as("%s", look()).isEqualTo("DONE"));
  }

  /// How often the step was begun.
  int attempts(String step) {
    return setup.step(step).path("attempts").asInt();
  }

  /// How far the step is, as measured on the host; 0 when it has not said so.
  int percent(String step) {
    return setup.step(step).path("percent").asInt();
  }

  /// What was seen when the step was done.
  String evidence(String step) {
    return setup.step(step).path("evidence").asText();
  }

  /// The domain's records with how far each is, as the API lists them.
  List<JsonNode> records() {
    return StreamSupport.stream(look().path("records").spliterator(), false).toList();
  }

  /// As [#records()], those of one name and type.
  List<JsonNode> records(RecordName name, DnsRecord.Type type) {
    return records().stream()
        .filter(record -> record.path("name").asText().equals(name.value()))
        .filter(record -> record.path("type").asText().equals(type.name()))
        .toList();
  }

  /// Asserts that nothing of the step was tried.
  void assertNotBegun(String step) {
    assertThat(setup.hasBegun(step)).as("%s has begun: %s", step, look()).isFalse();
  }

  /// Asserts that the set-up's run never asked anybody for attention because of the cause.
  void assertNeverTold(Cause cause) {
    assertThat(summaries("setup/" + setup.id()))
        .isNotEmpty()
        .doesNotContain("Telling who can help: " + cause);
  }

  /// The tenant's button.
  void retry() {
    retry(Map.of());
  }

  /// The tenant's button, with what they corrected.
  void retry(Map<String, ?> correction) {
    setup.retry(correction);
  }

  /// A member of staff's command, which does what it should.
  ///
  /// @return what it says
  String staff(String... command) {
    return Staff.of(tested.world()).does(command);
  }

  /// The id of its server, as staff are told it.
  String serverId() {
    return look().path("server").asText();
  }

  /// Its story as the tenant reads it, sentence by sentence.
  List<String> story() {
    var page = setup.tenant().get("/api/v1/setups/" + setup.id() + "/story?limit=100").body();
    assertThat(page.hasNonNull("next")).as("one page holds it").isFalse();
    return StreamSupport.stream(page.path("items").spliterator(), false)
        .map(entry -> entry.path("sentence").asText())
        .toList();
  }

  /// What the seller has that was bought for it.
  List<String> bought() {
    return tested.labels(setup).stream()
        .flatMap(label -> tested.world().hostwinds().labels().stream().filter(label::equals))
        .toList();
  }

  /// The tenant's other button.
  void cancel() {
    setup.cancel();
  }

  /// Waits until everything is taken back; nothing asks for attention any more.
  void untilCancelled() {
    setup.untilState("CANCELLED");
    assertThat(look().path("attention")).isEmpty();
  }

  /// Waits for its end, whatever asks for attention still.
  void untilEnded(String state) {
    setup.untilState(state);
  }

  /// Waits for the proof; nothing asks for attention any more.
  void untilProved() {
    untilDone();
    assertThat(look().path("attention")).isEmpty();
  }

  /// Waits for the proof, whatever asks for attention still.
  void untilDone() {
    setup.untilState("DONE");
    assertThat(look().path("proof").path("checks"))
        .hasSize(ProofVerdict.REQUIRED.size())
        .allSatisfy(check -> assertThat(check.path("verdict").asText()).isEqualTo("PASSED"));
  }

  private Optional<JsonNode> attention(Cause cause) {
    return StreamSupport.stream(look().path("attention").spliterator(), false)
        .filter(one -> one.path("cause").asText().equals(cause.name()))
        .findFirst();
  }

  /// What the Temporal UI shows on top of the run that is stuck, found as staff find it: by the
  /// domain's name.
  private String staffRead(Cause cause) {
    var read = new StringBuilder();
    for (var run :
        temporal.listExecutions("DomainName = '%s'".formatted(domain.value())).toList()) {
      var id = run.getExecution().getWorkflowId();
      var details =
          temporal
              .newUntypedWorkflowStub(id)
              .query("__temporal_workflow_metadata", WorkflowMetadata.class)
              .getCurrentDetails();
      if (details.contains(cause.name())) {
        assertThat(details)
            .contains(cause.what(), cause.nextStep(), "Who can help: " + cause.helper());
        assertThat(summaries(id)).contains("Telling who can help: " + cause);
        read.append(details);
      }
    }
    return read.toString();
  }

  /// The lines of the run's timeline.
  private List<String> summaries(String workflowId) {
    var converter = temporal.getOptions().getDataConverter();
    return temporal.fetchHistory(workflowId).getHistory().getEventsList().stream()
        .filter(event -> event.getUserMetadata().hasSummary())
        .map(event ->
            converter.fromPayload(event.getUserMetadata().getSummary(), String.class, String.class))
        .toList();
  }
}
