package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.workflows.certificate.CertificateActivities;
import com.penguinmails.workflows.domain.DomainActivities;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.server.ServerActivities;
import com.penguinmails.workflows.setup.IncidentActivities;
import com.penguinmails.workflows.setup.ProofActivities;
import com.penguinmails.workflows.setup.SetupActivities;
import io.temporal.common.metadata.POJOActivityInterfaceMetadata;
import io.temporal.common.metadata.POJOActivityMethodMetadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
import org.springframework.jdbc.core.simple.JdbcClient;

/// Every activity is done twice, because its first answer is lost: a set-up still ends proved with
/// nothing made twice, and a cancelled one takes back exactly its own.
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(900)
class LostAnswersIT {
  private final LostAnswers lost = new LostAnswers();
  private SandboxWorld world;
  private RunningProduct product;
  private TenantClient client;

  @BeforeAll
  void start(@TempDir Path directory) {
    world = SandboxWorld.start(directory);
    product = RunningProduct.start(world, lost);
    client = DemoTenant.of(world).client();
  }

  @AfterAll
  void stop() {
    product.close();
    world.destroy();
  }

  @Test
  @Order(1)
  void provesWithNothingMadeTwice() {
    var domain = new DomainName("answers-lost.test");
    var request = DemoTenant.of(world).request(domain, 0);
    var setup = client.order("answers-lost", request).body().path("id").asText();

    untilState(setup, "DONE");

    assertThat(client.look(setup).body().path("attention")).isEmpty();
    assertThat(count("dkim_key")).isEqualTo(1);
    assertThat(count("mailbox")).isEqualTo(1);
    assertThat(count("certificate WHERE issues = 1")).isEqualTo(1);
    assertThat(count("proof")).isEqualTo(1);
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
    var setup = client.order("half-way", request).body().path("id").asText();
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() ->
            assertThat(causes(client.look(setup).body()))
                .contains("HOST_LOGIN_REFUSED", "DNS_FOREIGN_MX"));
    client.retry(
        setup,
        "right",
        Map.of("server", Map.of("password", world.hostPassword()), "allowMxReplace", true));
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() ->
            isRunning(client.look(setup).body(), "server/020-packages")
                && mx(domain).equals(List.of("10 mail.half-way.test")));

    assertThat(client.command(setup, "cancel", "enough").status()).isEqualTo(202);
    untilState(setup, "CANCELLED");

    assertThat(mx(domain)).as("put back").containsExactly("10 mx.probe.test");
    assertThat(world.dns().read(domain, RecordName.of(domain), DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly("a tenant's own record");
    assertThat(client.look(setup).body().path("attention")).isEmpty();
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

  /// A new activity is covered on the day it is written, or this fails.
  @Test
  @Order(3)
  void leavesNoActivityOut() {
    assertThat(lost.types()).containsExactlyInAnyOrderElementsOf(everyActivity());
  }

  private static List<String> everyActivity() {
    return Stream.of(
            SetupActivities.class,
            IncidentActivities.class,
            ProofActivities.class,
            ServerActivities.class,
            DomainActivities.class,
            CertificateActivities.class)
        .map(POJOActivityInterfaceMetadata::newInstance)
        .flatMap(type -> type.getMethodsMetadata().stream())
        .map(POJOActivityMethodMetadata::getActivityTypeName)
        .toList();
  }

  private void untilState(String setup, String state) {
    await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> assertThat(client.look(setup).body().path("state").asText()).isEqualTo(state));
  }

  private List<String> mx(DomainName domain) {
    return world.dns().read(domain, RecordName.of(domain), DnsRecord.Type.MX).stream()
        .map(DnsRecord::value)
        .toList();
  }

  private long count(String table) {
    return Long.parseLong(
        String.valueOf(
            JdbcClient.create(world.database().superuser("penguin"))
                .sql("SELECT count(*) FROM " + table)
                .query()
                .singleValue()));
  }

  private static List<String> causes(JsonNode setup) {
    return StreamSupport.stream(setup.path("attention").spliterator(), false)
        .map(one -> one.path("cause").asText())
        .toList();
  }

  private static boolean isRunning(JsonNode setup, String step) {
    return StreamSupport.stream(setup.path("steps").spliterator(), false)
        .anyMatch(one ->
            one.path("step").asText().equals(step) && one.path("state").asText().equals("RUNNING"));
  }
}
