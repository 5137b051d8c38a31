package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.chaos.AllActivities;
import com.penguinmails.sandbox.server.DomainSweepIT;
import com.penguinmails.sandbox.server.HostSweepIT;
import com.penguinmails.sandbox.server.ProviderSweepIT;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantMailboxes;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.server.ServerWorkflow.ConfirmNotBought;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/// Every activity is done twice, because its first answer is lost: a set-up still ends proved with
/// nothing made twice, and a cancelled one takes back exactly its own.
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(900)
class LostAnswersIT {
  private static final String SECRET = "secret WHERE destroyed_at IS NULL AND path LIKE ";

  private final LostAnswers lost = new LostAnswers();
  private TestedProduct tested;
  private SandboxWorld world;
  private Optional<TenantSetup> proved = Optional.empty();

  @BeforeAll
  void start(@TempDir Path directory) {
    tested =
        TestedProduct.start(
            SandboxWorld.Plan.in(directory, (_, _) -> {}),
            world ->
                RunningProduct.start(
                    world,
                    lost,
                    Map.of("penguin.api.mailbox-grace", "0s", "penguin.api.cancel-grace", "1s")));
    world = tested.world();
  }

  @AfterAll
  void stop() {
    tested.close();
  }

  @Test
  @Order(1)
  void provesWithNothingMadeTwice() {
    var domain = new DomainName("answers-lost.test");
    var request = DemoTenant.of(world).purchase(domain);
    var setup = tested.order("answers-lost", request);

    setup.untilState("DONE");
    proved = Optional.of(setup);

    assertThat(world.hostwinds().charges()).as("the bill").hasSize(1);

    assertThat(tested.count("incident")).as("nobody was troubled").isZero();
    assertThat(tested.count(SECRET + "'%/first-login%'")).as("destroyed").isZero();
    assertThat(tested.count("dkim_key")).isEqualTo(1);
    assertThat(tested.count("mailbox")).isEqualTo(1);
    assertThat(tested.count("certificate WHERE issues = 1")).isEqualTo(1);
    assertThat(tested.count("proof")).isEqualTo(1);
    assertThat(world.dns().read(domain, RecordName.of(domain), DnsRecord.Type.MX)).hasSize(1);
    assertThat(world.dns().read(domain, RecordName.of(domain), DnsRecord.Type.TXT)).hasSize(1);
    var challenge = new RecordName("_acme-challenge.mail." + domain.value());
    assertThat(world.dns().read(domain, challenge, DnsRecord.Type.TXT)).isEmpty();
  }

  /// With a wrong password and a foreign MX first, so that incidents are opened and closed twice as
  /// well, and both corrected by one retry.
  @Test
  @Order(2)
  void takesBackExactlyItsOwnWhenCancelledHalfWay() {
    var domain = new DomainName("half-way.test");
    var request = new HashMap<>(DemoTenant.of(world).request(domain, 1));
    request.put(
        "server",
        Map.of(
            "address",
            world.host(1, domain.child("mail")).address().value(),
            "password",
            "not the right one"));
    world.dns().put(domain, RecordName.of(domain), DnsRecord.Type.TXT, "a tenant's own record");
    world.dns().put(domain, RecordName.of(domain), DnsRecord.Type.MX, "10 mx.probe.test");
    var setup = tested.order("half-way", request);
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> assertThat(setup.causes()).contains("HOST_LOGIN_REFUSED", "DNS_FOREIGN_MX"));
    setup.retry(Map.of("server", Map.of("password", world.hostPassword()), "allowMxReplace", true));
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() ->
            setup.step("server/020-packages").path("state").asText().equals("RUNNING")
                && mx(domain).equals(List.of("10 mail.half-way.test")));

    setup.cancel();
    setup.untilState("CANCELLED");

    assertThat(mx(domain)).as("put back").containsExactly("10 mx.probe.test");
    assertThat(world.dns().read(domain, RecordName.of(domain), DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly("a tenant's own record");
    assertThat(setup.causes()).isEmpty();
    assertThat(tested.count(SECRET + "'%/first-login%'")).as("destroyed").isZero();
    assertThat(tested.count(SECRET + "'server/%/login'")).as("that of the first host").isOne();
    var host = world.host(1, domain.child("mail")).container();
    assertThat(host.exec("test", "-e", "/etc/penguin").exitCode()).isNotZero();
    assertThat(host.exec("id", "penguin").exitCode()).isNotZero();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(
                    host.exec("sh", "-c", "ls -d /var/lib/penguin /usr/local/lib/penguin")
                        .standardOutput())
                .isEmpty());
  }

  /// A purchase that was never heard: staff say so, and it is bought once.
  @Test
  @Order(3)
  void buysOnceAfterStaffLookedAndParksWhatIsCancelled() {
    var domain = new DomainName("unclear.test");
    world.hostwinds().plan("add_instance", new ProviderFault.CutBefore(), 1);
    var setup = tested.order("unclear", DemoTenant.of(world).purchase(domain));
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(setup.causes()).contains("PURCHASE_UNCLEAR"));
    assertThat(world.hostwinds().charges()).as("the bill of the first set-up").hasSize(1);

    tested.server(setup).update("confirmNotBought", Object.class, new ConfirmNotBought("ada", 1));
    await().atMost(Duration.ofMinutes(2)).until(() -> setup.hasBegun("server/contact"));
    setup.cancel();
    setup.untilState("CANCELLED");

    assertThat(world.hostwinds().charges()).hasSize(2);
    assertThat(tested.count("server_order WHERE parked_at IS NOT NULL")).isOne();
    assertThat(tested.count("incident WHERE cause = 'server-parked' AND closed_at IS NULL"))
        .as("staff decide")
        .isOne();
  }

  /// Mailboxes in number, one of them removed with a time of grace of nothing at all.
  @Test
  @Order(4)
  void makesMailboxesOnceAndRemovesOne() {
    var mailboxes = new TenantMailboxes(proved.orElseThrow());
    long before = tested.count(SECRET + "'mailbox/%'");
    long retired = tested.count("mailbox WHERE state = 'RETIRED'");
    mailboxes.order("many", List.of("ada", "bea", "cleo"));
    mailboxes.untilAll("READY");
    assertThat(tested.count(SECRET + "'mailbox/%'")).isEqualTo(before + 3);

    mailboxes.remove("bea", "remove-bea");
    mailboxes.untilGone("bea");

    assertThat(tested.count("mailbox WHERE state = 'RETIRED'")).isEqualTo(retired + 1);
    assertThat(tested.count(SECRET + "'mailbox/%'")).as("destroyed").isEqualTo(before + 2);
    assertThat(tested.count("incident WHERE cause <> 'server-parked' AND closed_at IS NULL"))
        .isZero();
  }

  /// A new activity is covered on the day it is written, or this fails.
  @Test
  @Order(5)
  void leavesNoActivityOut() {
    assertThat(lost.types())
        .containsExactlyInAnyOrderElementsOf(
            AllActivities.types().stream()
                .filter(type -> !AnotherServerLostAnswersIT.COVERED.contains(type))
                .filter(type -> !ProviderSweepIT.COVERED.contains(type))
                .filter(type -> !DomainSweepIT.COVERED.contains(type))
                .filter(type -> !HostSweepIT.COVERED.contains(type))
                .toList());
  }

  private List<String> mx(DomainName domain) {
    return world.dns().read(domain, RecordName.of(domain), DnsRecord.Type.MX).stream()
        .map(DnsRecord::value)
        .toList();
  }
}
