package com.penguinmails.sandbox.mailbox;

import static com.penguinmails.sandbox.world.TenantSetup.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantMailboxes;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
import org.springframework.jdbc.core.simple.JdbcClient;

/// Mailboxes in number on a finished set-up, as a tenant and their mail program see them; and a
/// second domain on its server.
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(600)
class MailboxesIT {
  private static final List<String> MANY =
      IntStream.range(0, 25).mapToObj("person%d"::formatted).toList();

  private TestedProduct tested;
  private TenantSetup setup;
  private TenantMailboxes mailboxes;

  @BeforeAll
  void start(@TempDir Path directory) {
    tested =
        TestedProduct.start(
            SandboxWorld.Plan.in(directory, Depth.SIMULATED, (_, _) -> {}),
            world -> RunningProduct.start(world, Map.of("penguin.api.mailbox-grace", "25s")));
    var world = tested.world();
    setup = tested.order("first", DemoTenant.of(world).purchase(new DomainName("many.test")));
    mailboxes = new TenantMailboxes(setup);
  }

  @AfterAll
  void stop() {
    tested.close();
  }

  @Test
  @Order(1)
  void takesNoneBeforeTheDomainIsSetUp() {
    assertThat(mailboxes.ask("early", MANY).status()).isEqualTo(409);

    setup.untilState("DONE");
  }

  @Test
  @Order(2)
  void makesManyWithOneConverge() {
    long applies = steps();

    mailboxes.order("many", MANY);
    mailboxes.order("many", MANY);
    mailboxes.untilAll("READY");

    assertThat(tested.count("mailbox")).isEqualTo(MANY.size() + 1);
    assertThat(steps()).as("one for all of them").isEqualTo(applies + 1);
  }

  @Test
  @Order(3)
  void namesEachBadLine() {
    var answer = mailboxes.ask("bad", List.of("new", "person3", "Person4", "a b", "new", "root"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(texts(answer.body().path("faults"), "field"))
        .containsExactly(
            "mailboxes[3].localPart", "mailboxes[4].localPart", "mailboxes[5].localPart");
    var taken = mailboxes.ask("bad", List.of("new", "person3", "Person4"));
    assertThat(texts(taken.body().path("faults"), "field"))
        .containsExactly("mailboxes[1].localPart", "mailboxes[2].localPart");
    assertThat(mailboxes.find("new")).isEmpty();
  }

  @Test
  @Order(4)
  void revealsAPasswordOnceThatAMailProgramLogsInWith() throws Exception {
    var revealed = mailboxes.reveal("person7");
    var again = mailboxes.reveal("person7");

    assertThat(revealed.status()).isEqualTo(200);
    var settings = revealed.body().path("settings");
    assertThat(program().logsIn(settings, revealed.body().path("password").asText())).isTrue();
    assertThat(program().logsIn(settings, "not-this-one")).isFalse();
    assertThat(again.status()).isEqualTo(410);
    assertThat(again.body().path("type").asText()).isEqualTo("/problems/password-revealed");
    assertThat(again.body().has("password")).isFalse();
    assertThat(tested.count("audit_event WHERE action = 'mailbox.password_revealed'")).isOne();
  }

  @Test
  @Order(5)
  void aNewPasswordReplacesTheOldOne() throws Exception {
    var old = password("person8");

    assertThat(mailboxes.command("person8", "reset-password", "reset").status()).isEqualTo(202);
    assertThat(mailboxes.command("person8", "reset-password", "reset").status()).isEqualTo(202);
    mailboxes.until("person8", "READY");
    var made = password("person8");

    assertThat(made).isNotEqualTo(old);
    assertThat(program().logsIn(settings("person8"), made)).isTrue();
    assertThat(program().logsIn(settings("person8"), old)).isFalse();
  }

  @Test
  @Order(6)
  void aRemovalEndsTheLoginAndCanBeTakenBack() throws Exception {
    var password = password("person9");
    var settings = settings("person9");
    program().keep(settings, password);

    assertThat(mailboxes.remove("person9", "remove-1").status()).isEqualTo(202);
    untilApplied();
    assertThat(mailboxes.state("person9")).isEqualTo("REMOVING");
    assertThat(program().logsIn(settings, password)).isFalse();
    assertThat(mailboxes.command("person9", "restore", "restore-1").status()).isEqualTo(202);
    mailboxes.until("person9", "READY");

    assertThat(program().count(settings, password)).as("its mail").isOne();
  }

  @Test
  @Order(7)
  void afterTheGraceTheMailIsGone() throws Exception {
    var settings = settings("person9");
    var path = "/api/v1/mailboxes/" + mailboxes.find("person9").orElseThrow().path("id").asText();

    assertThat(mailboxes.remove("person9", "remove-2").status()).isEqualTo(202);
    mailboxes.untilGone("person9");

    var restored = tested.client().post(path + "/restore", "restore-2", Map.of());
    assertThat(restored.status()).isEqualTo(410);
    mailboxes.order("again", List.of("person9"));
    mailboxes.until("person9", "READY");
    assertThat(program().count(settings, password("person9"))).as("a new mailbox").isZero();
  }

  /// The certificate is issued again, with names of both.
  @Test
  @Order(8)
  void anotherDomainComesToTheSameServer() {
    var domain = new DomainName("second.test");
    var request = new HashMap<>(DemoTenant.of(tested.world()).purchase(domain));
    request.put("server", Map.of("id", setup.look().path("server").asText()));

    var second = tested.order("second", request);
    second.untilState("DONE");

    assertThat(tested.count("server")).isOne();
    assertThat(tested.world().hostwinds().charges()).hasSize(1);
    assertThat(
            tested.count(
                "certificate WHERE issued_names @> '{mail.many.test,mta-sts.second.test}'"))
        .isOne();
    var more = new TenantMailboxes(second);
    more.order("more", List.of("ada", "bea"));
    more.untilAll("READY");
  }

  private String password(String localPart) {
    var answer = mailboxes.reveal(localPart);
    assertThat(answer.status()).as("%s", answer.status()).isEqualTo(200);
    return answer.body().path("password").asText();
  }

  private JsonNode settings(String localPart) {
    return mailboxes.find(localPart).orElseThrow().path("settings");
  }

  private void untilApplied() {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> tested.count("server WHERE applied_version < desired_version") == 0);
  }

  private long steps() {
    var server = TestedProduct.serverRun(tested.world(), setup);
    return tested.temporal().fetchHistory(server).getHistory().getEventsList().stream()
        .map(event -> event.getActivityTaskScheduledEventAttributes().getActivityType().getName())
        .filter("Server.Apply"::equals)
        .count();
  }

  private MailProgram program() {
    return new MailProgram(new LoopbackNetwork(loopback()), address());
  }

  private IpAddress address() {
    return new IpAddress(
        jdbc().sql("SELECT host(address) FROM server").query(String.class).single());
  }

  private String loopback() {
    return tested.world().recall("loopback").orElseThrow();
  }

  private JdbcClient jdbc() {
    return JdbcClient.create(tested.world().database().superuser("penguin"));
  }
}
