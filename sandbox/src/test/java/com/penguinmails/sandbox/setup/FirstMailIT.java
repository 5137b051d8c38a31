package com.penguinmails.sandbox.setup;

import static com.penguinmails.sandbox.world.TenantSetup.texts;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.server.ServerWorkflow;
import com.penguinmails.workflows.setup.ProofVerdict;
import com.penguinmails.workflows.temporal.Wanted;
import io.temporal.api.history.v1.HistoryEvent;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
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
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/// The main job over HTTP, as a tenant does it: a bare host becomes a mail server that is proved by
/// a real message. Asked again for what it is, the server costs one look; what somebody changed by
/// hand is found and repaired.
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(900)
class FirstMailIT {
  private static final int ACTIVITIES = 52;
  private static final int EVENTS = 468;

  private TestedProduct tested;
  private Map<String, Object> request;
  private TenantSetup setup;

  @BeforeAll
  void start(@TempDir Path directory) {
    tested = TestedProduct.start(directory);
    request = DemoTenant.of(tested.world()).request(new DomainName("first-mail.test"), 0);
    setup = tested.order("first-mail", request);
  }

  @AfterAll
  void stop() {
    tested.close();
  }

  @Test
  @Order(1)
  void provesABareHostByARealMessage() {
    assertThat(tested.order("first-mail", request)).as("ordered again").isEqualTo(setup);
    setup.untilState("DONE");

    var whole = setup.look();
    assertThat(whole.path("attention")).isEmpty();
    assertThat(texts(whole.path("proof").path("checks"), "name"))
        .containsExactlyInAnyOrderElementsOf(ProofVerdict.REQUIRED);
    assertThat(texts(whole.path("proof").path("checks"), "verdict")).containsOnly("PASSED");
    assertThat(texts(whole.path("steps"), "state")).containsOnly("DONE");
    assertThat(exec("cat $(find /var/www/penguin -name mta-sts.txt)").lines())
        .contains("mode: testing", "mx: mail.first-mail.test");
  }

  /// Why it was done so can be read later, whether a workflow or an activity decided.
  @Test
  @Order(2)
  void recordsItsDecisions() {
    var decided =
        JdbcClient.create(tested.world().database().superuser("penguin"))
            .sql("SELECT step || ': ' || answer FROM decision")
            .query(String.class)
            .list();

    assertThat(decided)
        .contains("ownership: owned", "caa: allowed")
        .anySatisfy(one -> assertThat(one).matches("proof-\\d+: proved"))
        .anySatisfy(one ->
            assertThat(one)
                .matches(
                    "record-plan: planned: \\d+ records planned, \\d+ of them to be written\\."));
  }

  /// Of all four workflows together. Retries cost neither; what may differ from run to run is how
  /// often one had to ask another again. Growth is a decision: its commit says why.
  @Test
  @Order(2)
  void staysWithinItsBudget() {
    var events =
        tested
            .temporal()
            .listExecutions("WorkflowType != ''")
            .map(run -> run.getExecution().getWorkflowId())
            .flatMap(id -> history(id).stream())
            .toList();

    assertThat(events.stream().filter(HistoryEvent::hasActivityTaskScheduledEventAttributes))
        .as("activities")
        .hasSizeBetween(ACTIVITIES - 10, ACTIVITIES);
    assertThat(events).as("history events").hasSizeBetween(EVENTS - 140, EVENTS);
  }

  /// A 2048-bit key is longer than one string of a TXT record may be (RFC 1035, 3.3; RFC 6376,
  /// 3.6.2.2: a verifier joins them).
  @Test
  @Order(2)
  void publishesA2048BitKeyInTwoStrings() throws Exception {
    var selector = exec("awk -F: '!/^#/ { print $2 }' /etc/opendkim/KeyTable");
    var dns = (Map<?, ?>) requireNonNull(request.get("dns"));
    var server = requireNonNull(dns.get("server")).toString();
    var name = Name.fromString(selector + "._domainkey.first-mail.test.");
    var question = Message.newQuery(Record.newRecord(name, Type.TXT, DClass.IN));

    var answer = new SimpleResolver(server).send(question).getSection(Section.ANSWER);

    assertThat(answer).hasSize(1);
    var strings = ((TXTRecord) answer.getFirst()).getStrings();
    assertThat(strings).hasSize(2);
    assertThat(strings.getFirst()).startsWith("v=DKIM1; k=rsa; ").hasSize(255);
    var key = String.join("", strings).replaceAll(".*p=([^;]*).*", "$1");
    var made =
        KeyFactory.getInstance("RSA")
            .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(key)));
    assertThat(((RSAPublicKey) made).getModulus().bitLength()).isEqualTo(2048);
  }

  @Test
  @Order(3)
  void looksOnceAndChangesNothingWhenAllIsWell() {
    var files = files();

    assertThat(activitiesOf(this::wantAgain))
        .as("one of them speaks to the host")
        .containsExactly("Server.Facts", "Server.Probe", "Server.Applied");

    assertThat(files()).isEqualTo(files);
  }

  @Test
  @Order(4)
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
    assertThat(setup.state()).isEqualTo("DONE");
  }

  /// As another set-up on this server would ask; nobody hears the answer.
  private void wantAgain() {
    var server = tested.temporal().newWorkflowStub(ServerWorkflow.class, serverRun());
    var wanted = new Wanted(server.view().reached(), "setup/nobody", SetupId.of(setup.id()));
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
    return history(serverRun()).stream()
        .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
        .map(event -> event.getActivityTaskScheduledEventAttributes().getActivityType().getName())
        .toList();
  }

  private List<HistoryEvent> history(String run) {
    return tested.temporal().fetchHistory(run).getHistory().getEventsList();
  }

  private String serverRun() {
    return tested
        .temporal()
        .listExecutions("WorkflowType = 'ServerWorkflow'")
        .findFirst()
        .orElseThrow()
        .getExecution()
        .getWorkflowId();
  }

  /// Every file of the configuration with the time of its last change.
  private String files() {
    return exec("find /etc /usr/local -type f -printf '%p %T@ %i\\n' | sort");
  }

  private String exec(String command) {
    var host = tested.world().host(0, new DomainName("mail.first-mail.test")).container();
    var output = host.exec("bash", "-c", command);
    assertThat(output.exitCode()).as("%s: %s", command, output.standardError()).isZero();
    return output.standardOutput().strip();
  }
}
