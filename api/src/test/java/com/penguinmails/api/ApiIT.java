package com.penguinmails.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import com.penguinmails.api.problem.ProblemType;
import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.decision.DecisionStore;
import com.penguinmails.store.decision.DecisionStore.NewDecision;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.setup.Progress;
import com.penguinmails.store.setup.ProgressReport;
import com.penguinmails.store.setup.ProgressStore;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.SetupWorkflow;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.codec.AesGcmPayloadCodec;
import com.penguinmails.workflows.temporal.codec.CodecKeys;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The API as its callers see it, on a real PostgreSQL and an in-memory Temporal.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.config.name=api")
@ExtendWith(OutputCaptureExtension.class)
class ApiIT {
  private static final String STAFF_TOKEN = "staff-token-of-at-least-32-characters";
  private static final String UI = "http://127.0.0.1:8233";
  private static final String PASSWORD = "CANARY-host-password-7f3a";
  private static final String TSIG = "Q0FOQVJZLXRzaWctc2VjcmV0LTlkMWU1YjdjMDJhNA==";
  private static final PostgresForTests DATABASE = PostgresForTests.freshDatabase();
  private static final KeyFile CODEC_KEYS = keyFile("codec");
  private static final JsonMapper JSON = new JsonMapper();

  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;
  @Autowired private Tenancy tenancy;
  @Autowired private TenantStore tenants;
  @Autowired private SecretStore secrets;
  @Autowired private WorkflowClient temporal;

  private final HttpClient http = HttpClient.newHttpClient();
  private TenantId tenant;
  private String apiKey;
  private String domain;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) {
    registry.add("spring.datasource.url", DATABASE::jdbcUrl);
    registry.add("spring.datasource.username", () -> "penguin_app");
    registry.add("spring.datasource.password", () -> "penguin_app");
    registry.add("management.server.port", () -> "0");
    registry.add("penguin.installation.kind", () -> "test");
    registry.add("penguin.api.heartbeat", () -> "300ms");
    registry.add("penguin.codec.staff-token", () -> STAFF_TOKEN);
    registry.add("penguin.codec.temporal-ui-origin", () -> UI);
    registry.add("penguin.codec.key-file", () -> keyPath("codec").toString());
    registry.add("penguin.secret.master-key-file", () -> keyPath("master").toString());
    keyFile("master");
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class InMemoryTemporal {
    @Bean(destroyMethod = "close")
    TestWorkflowEnvironment temporal(CodecKeys keys) {
      var options =
          TestEnvironmentOptions.newBuilder()
              .setUseTimeskipping(false)
              .setWorkflowClientOptions(
                  WorkflowClientOptions.newBuilder()
                      .setDataConverter(PenguinDataConverter.with(keys))
                      .build());
      SearchColumns.ALL.forEach(
          key -> options.registerSearchAttribute(key.getName(), key.getValueType()));
      var environment = TestWorkflowEnvironment.newInstance(options.build());
      environment
          .newWorker(TaskQueues.DECISIONS)
          .registerWorkflowImplementationTypes(WaitingSetup.class);
      environment.start();
      return environment;
    }

    @Bean
    @Primary
    WorkflowClient inMemoryClient(TestWorkflowEnvironment environment) {
      return environment.getWorkflowClient();
    }
  }

  @BeforeEach
  void aTenant() {
    tenant = tenants.create("Acme").id();
    apiKey = tenants.createApiKey(tenant, "tests").key();
    domain = "acme-" + UUID.randomUUID().toString().substring(0, 8) + ".test";
  }

  @AfterAll
  static void stop() {
    DATABASE.close();
  }

  @Test
  void createsASetupStartsItsRunAndShowsIt() throws Exception {
    var created = create("key-1", body());

    assertThat(created.statusCode()).isEqualTo(202);
    var setup = JSON.readTree(created.body());
    var id = setup.get("id").stringValue();
    assertThat(created.headers().firstValue("Location")).contains("/api/v1/setups/" + id);
    assertThat(setup.get("domain").get("ascii").stringValue()).isEqualTo(domain);
    assertThat(run(id).view().stage()).isEqualTo(SetupWorkflow.Stage.STARTED);
    assertThat(get("/api/v1/setups/" + id).statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(get("/api/v1/setups?limit=1").body()).get("items").size())
        .isEqualTo(1);
  }

  @Test
  void answersTheSameForTheSameKeyAndRefusesAnotherBody() throws Exception {
    var first = id(create("key-1", body()));

    var again = create("key-1", body());
    var other = create("key-1", body().replace(PASSWORD, "another password"));
    var busy = create("key-2", body());

    assertThat(id(again)).isEqualTo(first);
    assertProblem(other, ProblemType.IDEMPOTENCY_KEY_REUSED);
    assertProblem(busy, ProblemType.SETUP_ALREADY_OPEN);
    assertProblem(create("", body()), ProblemType.IDEMPOTENCY_KEY_MISSING);
    assertThat(openSecrets()).as("first login and zone access only").isEqualTo(2);
  }

  @Test
  void keepsNoSecretOfAnOrderThatNeedsNone() throws Exception {
    var first = id(create("key-1", body()));
    loginIsProved(first);
    finish(first);

    create("key-2", body());

    assertThat(openSecrets()).as("the zone's of both, the first login of the first").isEqualTo(3);
  }

  @Test
  void answersTwoCommandsToOneSetupAtOnce() throws Exception {
    var path = "/api/v1/setups/" + id(create("key-1", body()));
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 10; round++) {
        var number = round;
        var answers =
            callers.invokeAll(
                List.of("/cancel", "/cancel", "/resume").stream()
                    .map(command ->
                        (Callable<Integer>)
                            () ->
                                post(path + command, UUID.randomUUID() + "-" + number, "")
                                    .statusCode())
                    .toList());
        for (var answer : answers) {
          assertThat(answer.get()).isIn(202, 409); // a resume may come first
        }
      }
    }
  }

  @Test
  void makesOneSetupOfManyRequestsAtOnce() throws Exception {
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers =
          IntStream.range(0, 8)
              .mapToObj(_ -> callers.submit(() -> id(create("same-key", body()))))
              .toList();
      var ids = new ArrayList<String>();
      for (var answer : answers) {
        ids.add(answer.get());
      }
      assertThat(ids).hasSize(8).containsOnly(ids.getFirst());
    }
    assertThat(openSecrets()).isEqualTo(2);
  }

  @Test
  void hidesWhatBelongsToOthers() throws Exception {
    var id = id(create("key-1", body()));
    apiKey = tenants.createApiKey(tenants.create("Other").id(), "tests").key();

    for (var path : List.of("", "/events", "/story")) {
      assertProblem(get("/api/v1/setups/" + id + path), ProblemType.NOT_FOUND);
    }
    for (var command : List.of("cancel", "resume", "retire", "retry", "view-link")) {
      assertProblem(post("/api/v1/setups/" + id + "/" + command, "k", ""), ProblemType.NOT_FOUND);
    }
    for (var kind : List.of("setups", "servers", "domains")) {
      assertProblem(get("/api/v1/" + kind + "/nonsense/story"), ProblemType.NOT_FOUND);
      assertProblem(get("/api/v1/" + kind + "/" + id + "/story"), ProblemType.NOT_FOUND);
    }
    assertProblem(get("/api/v1/setups/nonsense"), ProblemType.NOT_FOUND);
    assertThat(JSON.readTree(get("/api/v1/setups").body()).get("items").size()).isZero();
  }

  @Test
  void tellsTheStoryOfASetupAndOfItsServerAndDomain() throws Exception {
    var id = id(create("key-1", body()));
    var setup = tenancy.reading(tenant, () -> new SetupStore(tenancy).get(SetupId.of(id)));
    var server = setup.server().value();
    decide(EntityKind.SERVER, server, Answer.UNFIT.about("HOST_TOO_SMALL"));
    decide(EntityKind.SERVER, server, Answer.UNFIT.about("HOST_TOO_SMALL")); // tried again
    tellStaffsWord(server);
    decide(EntityKind.DOMAIN, setup.domain().value(), Answer.OWNED.given());
    decide(EntityKind.CERTIFICATE, setup.certificate().value(), Answer.CAA_ALLOWS.given());
    standsInTheWay(setup, Cause.DNS_LOGIN_REFUSED);
    assertThat(post("/api/v1/setups/" + id + "/cancel", "c", "").statusCode()).isEqualTo(202);

    var story = story("/api/v1/setups/" + id, 100);

    assertThat(story.stream().map(entry -> entry.get("sentence").stringValue()))
        .satisfiesExactly(
            said -> assertThat(said).isEqualTo("The set-up of " + domain + " was ordered."),
            said ->
                assertThat(said)
                    .isEqualTo("The server was left as it was: " + Cause.HOST_TOO_SMALL.what()),
            said -> assertThat(said).startsWith("Our staff looked at the seller's"),
            said -> assertThat(said).startsWith("The domain is proved to be the tenant's"),
            said -> assertThat(said).startsWith("The CAA records of a.test allow"),
            said ->
                assertThat(said)
                    .contains("stood in the way", Cause.DNS_LOGIN_REFUSED.what(), "Seen: BADKEY."),
            said -> assertThat(said).startsWith("The tenant cancelled the set-up"));
    assertThat(story.get(1).get("rule").stringValue()).isEqualTo("PreflightDecision");
    assertThat(story.get(1).get("run").stringValue()).isEqualTo("run-1");
    assertThat(story.toString()).as("staff's own").doesNotContain("jane", "because of ticket");
    assertThat(story("/api/v1/setups/" + id, 1)).as("read in pages of one").isEqualTo(story);
    assertThat(story("/api/v1/servers/" + server, 2)).hasSize(3).containsAll(story.subList(1, 3));
    assertThat(story("/api/v1/domains/" + setup.domain(), 2)).contains(story.get(3));
    for (var wrong : List.of("limit=0", "limit=101", "limit=x", "cursor=x", "cursor=" + id)) {
      assertProblem(get("/api/v1/setups/" + id + "/story?" + wrong), ProblemType.INVALID_REQUEST);
    }
  }

  private List<JsonNode> story(String path, int limit) throws Exception {
    var entries = new ArrayList<JsonNode>();
    var cursor = "";
    while (true) {
      var page = JSON.readTree(get(path + "/story?limit=" + limit + cursor).body());
      page.get("items").forEach(entries::add);
      assertThat(page.get("items").size()).isLessThanOrEqualTo(limit);
      if (!page.hasNonNull("next")) {
        return entries;
      }
      cursor = "&cursor=" + page.get("next").stringValue();
    }
  }

  private void decide(EntityKind kind, UUID entity, Answer.Given given) {
    tenancy.run(
        tenant,
        () ->
            new DecisionStore(tenancy)
                .record(
                    NewDecision.of(
                        kind, entity, "step", Map.of("name", "a.test"), given, "run-1")));
  }

  private void tellStaffsWord(UUID server) {
    var details = Map.of("found", "17", "reason", "because of ticket 4");
    tenancy.as(
        tenant,
        "staff:jane",
        () -> {
          var audit = new AuditLog(tenancy);
          audit.record("server.adopted", EntityKind.SERVER, server, details);
          audit.record("staff.access", EntityKind.SERVER, server, details);
          return true;
        });
  }

  private void standsInTheWay(Setup setup, Cause cause) {
    var incidents = new IncidentStore(tenancy);
    var domainId = setup.domain().value();
    tenancy.as(
        tenant,
        () ->
            incidents.open(
                NewIncident.of(EntityKind.DOMAIN, domainId, setup.id(), cause, "BADKEY")));
    tenancy.run(tenant, () -> incidents.closeAllOf(domainId));
  }

  @Test
  void asksForAKey() throws Exception {
    for (var wrong : List.of("pm_unknownunknownunknownunknown", "pm_" + apiKey, "")) {
      apiKey = wrong;
      assertProblem(get("/api/v1/setups"), ProblemType.UNAUTHENTICATED);
    }
  }

  @Test
  void answersProblemsWithTheRequestsId() throws Exception {
    var answer =
        http.send(
            request("/api/v1/setups").header("X-Request-Id", "from-the-caller").GET().build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.headers().firstValue("X-Request-Id")).contains("from-the-caller");

    assertProblem(create("k", "{"), ProblemType.INVALID_REQUEST);
    assertProblem(create("k", " ".repeat(70_000) + body()), ProblemType.TOO_LARGE);
    assertProblem(get("/api/v1/nothing"), ProblemType.NOT_FOUND);
    assertProblem(post("/api/v1/setups/x", "k", ""), ProblemType.METHOD_NOT_ALLOWED);
    for (var type : ProblemType.values()) {
      assertThat(get(type.uri().toString()).body()).contains(type.title());
    }
  }

  @Test
  void cancelsAndRetriesThroughTheRun() throws Exception {
    var id = id(create("key-1", body()));

    assertThat(post("/api/v1/setups/" + id + "/retry", "r1", "").statusCode()).isEqualTo(202);
    post("/api/v1/setups/" + id + "/retry", "r1", "");
    assertThat(run(id).view().stuckOn()).as("one command").contains("retries: 1");
    assertThat(post("/api/v1/setups/" + id + "/cancel", "c1", "").statusCode()).isEqualTo(202);
    assertThat(post("/api/v1/setups/" + id + "/cancel", "c1", "").statusCode()).isEqualTo(202);

    await().until(() -> run(id).view().stuckOn().equals(Optional.of("held")));
    assertThat(run(id).view().stage())
        .as("nothing is taken back yet")
        .isEqualTo(SetupWorkflow.Stage.STARTED);
  }

  @Test
  void takesACancelBackInTime() throws Exception {
    var id = id(create("key-1", body()));
    var path = "/api/v1/setups/" + id;
    var before = Instant.now();

    var held = JSON.readTree(post(path + "/cancel", "c1", "").body());
    assertThat(held.get("state").stringValue()).isEqualTo("HELD");
    assertThat(Instant.parse(held.get("resumableUntil").stringValue()))
        .isBetween(before.plusSeconds(3_599), Instant.now().plusSeconds(3_601));
    var line = held.get("steps").get(0);
    assertThat(line.get("waitingFor").stringValue()).isEqualTo("SETUP_HELD");
    assertThat(line.get("whoCanHelp").stringValue()).isEqualTo("TENANT");
    assertThat(line.get("nextStep").stringValue()).contains("/resume");
    assertThat(held.get("attention").size()).isZero();
    await().until(() -> run(id).view().stuckOn().equals(Optional.of("held")));

    assertProblem(post(path + "/resume", "", ""), ProblemType.IDEMPOTENCY_KEY_MISSING);
    assertThat(post(path + "/resume", "u1", "").statusCode()).isEqualTo(202);
    var resumed = post(path + "/resume", "u1", "");
    assertThat(resumed.statusCode()).as("again").isEqualTo(202);
    assertThat(JSON.readTree(resumed.body()).get("state").stringValue()).isEqualTo("REQUESTED");
    assertThat(resumed.body()).doesNotContain("resumableUntil\":\"");
    await().until(() -> !run(id).view().stuckOn().equals(Optional.of("held")));

    var repeated = post(path + "/cancel", "c1", "");
    assertThat(repeated.statusCode()).isEqualTo(202);
    assertThat(JSON.readTree(repeated.body()).get("state").stringValue())
        .as("what was taken back is not cancelled by a repeat")
        .isEqualTo("REQUESTED");
    assertProblem(post(path + "/resume", "c1", ""), ProblemType.IDEMPOTENCY_KEY_REUSED);
  }

  @Test
  void doesNotTakeACancelBackTooLate() throws Exception {
    var id = id(create("key-1", body()));
    var path = "/api/v1/setups/" + id;
    post(path + "/cancel", "c1", "");
    JdbcClient.create(DATABASE.superuser())
        .sql("UPDATE setup SET resumable_until = now() WHERE id = CAST(:id AS uuid)")
        .param("id", id)
        .update();

    assertProblem(post(path + "/resume", "u1", ""), ProblemType.TOO_LATE_TO_RESUME);

    finish(id);
    assertThat(post(path + "/resume", "u1", "").statusCode())
        .as("it was proved first")
        .isEqualTo(202);
  }

  @Test
  void givesUpWhatIsProvedAndTakesThatBack() throws Exception {
    var id = id(create("key-1", body()));
    var path = "/api/v1/setups/" + id;
    assertProblem(post(path + "/retire", "r1", ""), ProblemType.SETUP_NOT_PROVED);
    finish(id);

    assertThat(post(path + "/retire", "r1", "").statusCode()).isEqualTo(202);
    assertThat(post(path + "/retire", "r1", "").statusCode()).as("again").isEqualTo(202);
    var retiring = JSON.readTree(get(path).body());
    assertThat(retiring.get("state").stringValue()).isEqualTo("DONE");
    assertThat(retiring.hasNonNull("resumableUntil")).isTrue();
    assertProblem(create("key-2", body()), ProblemType.SETUP_ALREADY_OPEN);

    assertThat(post(path + "/resume", "u1", "").statusCode()).isEqualTo(202);
    assertThat(post(path + "/retire", "r1", "").statusCode()).as("a repeat").isEqualTo(202);
    assertThat(JSON.readTree(get(path).body()).hasNonNull("resumableUntil")).isFalse();

    post(path + "/retire", "r2", "");
    assertThat(post(path + "/resume", "u1", "").statusCode()).as("a repeat").isEqualTo(202);
    assertThat(JSON.readTree(get(path).body()).hasNonNull("resumableUntil")).isTrue();
    JdbcClient.create(DATABASE.superuser())
        .sql("UPDATE setup SET resumable_until = now() WHERE id = CAST(:id AS uuid)")
        .param("id", id)
        .update();
    assertProblem(post(path + "/resume", "u2", ""), ProblemType.TOO_LATE_TO_RESUME);
  }

  @Test
  void triesAgainWithWhatTheTenantCorrected() throws Exception {
    var id = id(create("key-1", body()));
    var retry = "/api/v1/setups/" + id + "/retry";
    var corrected =
        """
        {"server": {"user": "admin", "password": "the right one"},
         "dns": {"keyName": "other-key", "secret": "%s"}, "allowMxReplace": true}
        """
            .formatted(TSIG);

    assertThat(post(retry, "r1", corrected).statusCode()).isEqualTo(202);
    assertThat(post(retry, "r1", corrected).statusCode()).as("again").isEqualTo(202);

    var setup = tenancy.reading(tenant, () -> new SetupStore(tenancy).get(SetupId.of(id)));
    var servers = new ServerStore(tenancy);
    var server = tenancy.reading(tenant, () -> servers.get(setup.server()));
    assertThat(server.firstUser()).isEqualTo("admin");
    assertThat(secrets.get(tenant, server.firstLogin().orElseThrow()))
        .containsEntry("password", "the right one");
    var domain = tenancy.reading(tenant, () -> new DomainStore(tenancy).get(setup.domain()));
    assertThat(domain.zoneSettings())
        .containsEntry("keyName", "other-key")
        .containsEntry("server", "10.0.0.3");
    assertThat(secrets.get(tenant, domain.zoneSecret().orElseThrow()))
        .containsEntry("secret", TSIG);
    assertThat(domain.isMxReplaceAllowed()).isTrue();

    tenancy.run(tenant, () -> servers.recordLoginProved(server.id()));
    assertThat(post(retry, "r2", corrected).body()).contains("our own login works already");
    assertProblem(post(retry, "r3", "{\"server\": {}}"), ProblemType.INVALID_REQUEST);
  }

  @Test
  void keepsATokenAsASecretAndTakesAnotherOne() throws Exception {
    var first = "CANARY_first_token_0123456789";
    var second = "CANARY_second_token_012345678";
    var id = id(create("key-1", cloudflare(first)));
    var retry = "/api/v1/setups/" + id + "/retry";

    var refused = post(retry, "r1", "{\"dns\": {\"secret\": \"%s\"}}".formatted(TSIG));
    assertProblem(refused, ProblemType.INVALID_REQUEST);
    assertThat(refused.body()).contains("dns.secret").contains("kept at cloudflare");
    assertThat(zoneSecret(id)).containsEntry("token", first);

    assertThat(post(retry, "r2", "{\"dns\": {\"token\": \"%s\"}}".formatted(second)).statusCode())
        .isEqualTo(202);
    assertThat(zoneSecret(id)).containsEntry("token", second);
    assertThat(get("/api/v1/setups/" + id).body()).doesNotContain("CANARY_");
    assertThat(dumpOfAllTables()).doesNotContain(first).doesNotContain(second);
  }

  private Map<String, String> zoneSecret(String id) {
    var setup = tenancy.reading(tenant, () -> new SetupStore(tenancy).get(SetupId.of(id)));
    var found = tenancy.reading(tenant, () -> new DomainStore(tenancy).get(setup.domain()));
    assertThat(found.zoneProvider()).isEqualTo("cloudflare");
    return secrets.get(tenant, found.zoneSecret().orElseThrow());
  }

  private String cloudflare(String token) {
    return body()
        .replaceFirst(
            "\"dns\": \\{[^}]*\\}",
            "\"dns\": {\"provider\": \"cloudflare\", \"token\": \"%s\"}".formatted(token));
  }

  @Test
  void streamsASnapshotThenChangesInOrderAndEnds() throws Exception {
    var id = id(create("key-1", body()));
    report(id, "server/contact", Progress.State.RUNNING);

    try (var stream = new Stream("/api/v1/setups/" + id + "/events", "")) {
      assertThat(stream.next("snapshot")).contains("server/contact");
      stream.nextLineStarting(": alive");
      report(id, "server/contact", Progress.State.DONE);
      report(id, "domain/publish", Progress.State.RUNNING);
      assertThat(stream.next("progress")).contains("server/contact").contains("DONE");
      assertThat(stream.next("progress")).contains("domain/publish");
      finish(id);
      assertThat(stream.next("end")).contains("DONE");
      stream.awaitEnd();
    }
  }

  @Test
  void resumesAfterTheLastEventSeen() throws Exception {
    var id = id(create("key-1", body()));
    report(id, "server/contact", Progress.State.DONE);
    report(id, "domain/publish", Progress.State.DONE);
    finish(id);

    try (var stream = new Stream("/api/v1/setups/" + id + "/events", "1")) {
      assertThat(stream.next("progress")).contains("domain/publish");
      assertThat(stream.next("end")).contains("DONE");
      assertThat(stream.seen()).noneMatch(line -> line.contains("server/contact"));
    }
  }

  @Test
  void keepsSecretsOutOfRowsLogsAndAnswers(CapturedOutput output) throws Exception {
    var answers = new StringBuilder();
    var created = create("key-1", body());
    answers.append(created.body());
    answers.append(create("key-1", body().replace("rfc2136", "x")).body());
    answers.append(create("key-3", body().replace("\"domain\"", "\"domian\"")).body());
    answers.append(create("key-4", body() + "}").body());
    answers.append(get("/api/v1/setups/" + id(created)).body());

    assertThat(dumpOfAllTables())
        .contains(domain)
        .doesNotContain(PASSWORD)
        .doesNotContain(TSIG)
        .doesNotContain(apiKey);
    assertThat(answers).doesNotContain(PASSWORD).doesNotContain(TSIG);
    assertThat(output.getAll())
        .doesNotContain(PASSWORD)
        .doesNotContain(TSIG)
        .doesNotContain(apiKey);
  }

  @Test
  void opensAPageByASignedLinkOnly() throws Exception {
    var id = id(create("key-1", body()));
    var made = JSON.readTree(post("/api/v1/setups/" + id + "/view-link", "k", "").body());
    var url = URI.create(made.get("url").stringValue());
    var path = url.getPath() + "?" + url.getQuery();
    apiKey = "";

    assertThat(get(path).body()).contains("setup.js");
    try (var stream = new Stream(path.replace("?", "/events?"), "")) {
      assertThat(stream.next("snapshot")).contains(domain);
    }
    for (var wrong :
        List.of(
            path + "x", path.replace("until=", "until=9"), url.getPath(), "/setups/x?tenant=y")) {
      var refused = get(wrong);
      assertThat(refused.statusCode()).as(wrong).isEqualTo(403);
      assertThat(refused.body())
          .contains("This link is no longer valid")
          .doesNotContain("setup.js");
    }
    assertProblem(get(path.replace("?", "/events?") + "x"), ProblemType.LINK_ENDED);
    assertThat(get("/assets/setup.js").statusCode()).isEqualTo(200);
  }

  @Test
  void decodesPayloadsForStaffOnly() throws Exception {
    var clear = Payload.newBuilder().setData(ByteString.copyFromUtf8("\"hello\"")).build();
    var codec = new AesGcmPayloadCodec(CodecKeys.of(CODEC_KEYS.currentId(), CODEC_KEYS.keys()));
    var sealed =
        JsonFormat.printer()
            .print(Payloads.newBuilder().addAllPayloads(codec.encode(List.of(clear))));

    apiKey = STAFF_TOKEN;
    var decoded = Payloads.newBuilder();
    JsonFormat.parser().merge(post("/codec/decode", "", sealed).body(), decoded);
    assertThat(decoded.getPayloadsList()).containsExactly(clear);
    assertProblem(post("/codec/decode", "", "{"), ProblemType.INVALID_REQUEST);
    apiKey = "";
    assertThat(post("/codec/" + STAFF_TOKEN + "/decode", "", sealed).statusCode()).isEqualTo(200);
    assertProblem(post("/codec/wrong/decode", "", sealed), ProblemType.UNAUTHENTICATED);
    assertProblem(post("/codec/decode", "", sealed), ProblemType.UNAUTHENTICATED);
    assertThat(preflight(UI).headers().firstValue("Access-Control-Allow-Origin")).contains(UI);
    assertThat(preflight("http://evil.test").statusCode()).isEqualTo(403);
  }

  @Test
  void documentsItselfWithAllProblems() throws Exception {
    apiKey = "";
    var document = JSON.readTree(get("/api/openapi").body());

    assertThat(document.get("openapi").stringValue()).startsWith("3.1");
    assertThat(document.get("paths").propertyNames())
        .contains(
            "/api/v1/setups",
            "/api/v1/setups/{id}",
            "/api/v1/setups/{id}/events",
            "/api/v1/setups/{id}/story",
            "/api/v1/servers/{id}/story",
            "/api/v1/domains/{id}/story",
            "/api/v1/setups/{id}/cancel",
            "/api/v1/setups/{id}/resume",
            "/api/v1/setups/{id}/retry")
        .allMatch(path -> path.startsWith("/api/v1/"));
    var types = document.at("/components/schemas/Problem/properties/type/enum").toString();
    for (var type : ProblemType.values()) {
      assertThat(types).contains("\"" + type.uri() + "\"");
    }
    assertThat(
            document
                .at("/components/schemas/Correction/properties/server/properties")
                .propertyNames())
        .containsExactlyInAnyOrder("user", "password", "privateKey", "monthlyBudget");
    for (var reference : references(document)) {
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
    assertThat(get("/api/docs").headers().firstValue("Location").orElseThrow())
        .contains("/api/swagger-ui/index.html");
    assertThat(get("/readyz").body()).contains("UP");
    assertThat(get("/livez").body()).contains("UP");
  }

  @Test
  void servesMetricsWhereThePublicDoesNotReach() throws Exception {
    var metrics = get(managementPort, "/actuator/prometheus");

    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(metrics.body().lines())
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
        .anyMatch(line -> line.startsWith("hikaricp_connections{"));
    for (var path : List.of("/actuator", "/actuator/prometheus", "/actuator/health")) {
      assertProblem(get(path), ProblemType.NOT_FOUND);
    }
  }

  private static List<String> references(JsonNode node) {
    return node.findValuesAsString("$ref");
  }

  private SetupWorkflow run(String id) {
    return temporal.newWorkflowStub(SetupWorkflow.class, "setup/" + id);
  }

  private void report(String id, String step, Progress.State state) {
    tenancy.run(
        tenant,
        () ->
            new ProgressStore(tenancy)
                .report(
                    SetupId.of(id),
                    ProgressReport.of(
                        EntityKind.SETUP, UUID.fromString(id), step, step, state, 1, "seen")));
  }

  private void finish(String id) {
    tenancy.run(tenant, () -> new SetupStore(tenancy).finish(SetupId.of(id), Setup.State.DONE));
  }

  private void loginIsProved(String setup) {
    tenancy.run(
        tenant,
        () ->
            new ServerStore(tenancy)
                .recordLoginProved(new SetupStore(tenancy).get(SetupId.of(setup)).server()));
  }

  /// Secrets of this tenant's set-ups that can still be read.
  private int openSecrets() {
    return JdbcClient.create(DATABASE.superuser())
        .sql(
            "SELECT count(*) FROM secret WHERE tenant_id = :tenant AND destroyed_at IS NULL AND"
                + " path LIKE 'setup/%'")
        .param("tenant", tenant.value())
        .query(Integer.class)
        .single();
  }

  private static String dumpOfAllTables() {
    var jdbc = JdbcClient.create(DATABASE.superuser());
    var dump = new StringBuilder();
    jdbc.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        .query(String.class)
        .list()
        .forEach(table ->
            jdbc.sql("SELECT t::text FROM \"" + table + "\" t")
                .query(String.class)
                .list()
                .forEach(dump::append));
    return dump.toString();
  }

  private String body() {
    return """
    {"domain": "%s",
     "server": {"address": "10.%d.%d.9", "password": "%s"},
     "dns": {"provider": "rfc2136", "server": "10.0.0.3", "keyName": "k", "secret": "%s"},
     "mailbox": {"localPart": "anna"}}
    """
        .formatted(
            domain, domain.hashCode() & 0xff, (domain.hashCode() >> 8) & 0xff, PASSWORD, TSIG);
  }

  private HttpResponse<String> create(String key, String body) throws Exception {
    return post("/api/v1/setups", key, body);
  }

  private String id(HttpResponse<String> created) {
    assertThat(created.statusCode()).as(created.body()).isEqualTo(202);
    return JSON.readTree(created.body()).get("id").stringValue();
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String key, String body) throws Exception {
    var request = request(path).header("Content-Type", "application/json");
    if (!key.isEmpty()) {
      request.header("Idempotency-Key", key);
    }
    return http.send(
        request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> preflight(String origin) throws Exception {
    return http.send(
        request("/codec/decode")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type,x-namespace")
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20));
    return apiKey.isEmpty() ? request : request.header("Authorization", "Bearer " + apiKey);
  }

  private static void assertProblem(HttpResponse<String> answer, ProblemType type) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(type.status().value());
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    var problem = JSON.readTree(answer.body());
    assertThat(problem.get("type").stringValue()).isEqualTo(type.uri().toString());
    assertThat(problem.get("requestId").stringValue())
        .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
  }

  private static Path keyPath(String name) {
    return Path.of(
        System.getProperty("java.io.tmpdir"),
        "penguin-api-it-" + ProcessHandle.current().pid(),
        name);
  }

  private static KeyFile keyFile(String name) {
    try {
      var file = KeyFile.openOrCreate(keyPath(name));
      keyPath(name).toFile().deleteOnExit();
      return file;
    } finally {
      assertThat(Files.exists(keyPath(name))).isTrue();
    }
  }

  /// Reads one event stream line by line.
  private final class Stream implements AutoCloseable {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();
    private final InputStream body;

    Stream(String path, String lastEventId) throws IOException, InterruptedException {
      var request = request(path).header("Accept", "text/event-stream");
      if (!lastEventId.isEmpty()) {
        request.header("Last-Event-ID", lastEventId);
      }
      var answer = http.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      body = answer.body();
      Thread.ofVirtual()
          .start(() -> {
            try (var reader =
                new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
              reader.lines().forEach(lines::add);
              lines.add("(end)");
            } catch (IOException | UncheckedIOException e) {
              lines.add("(closed)");
            }
          });
    }

    /// The data of the next event of that name.
    String next(String event) throws InterruptedException {
      nextLineStarting("event: " + event);
      return nextLineStarting("data: ");
    }

    String nextLineStarting(String start) throws InterruptedException {
      while (true) {
        var line = lines.poll(10, TimeUnit.SECONDS);
        assertThat(line).as("a line \"%s…\" after %s", start, seen).isNotNull();
        seen.add(line);
        if (line.startsWith(start)) {
          return line;
        }
      }
    }

    void awaitEnd() throws InterruptedException {
      nextLineStarting("(end)");
    }

    List<String> seen() {
      return seen;
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }
}
