package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.Staff;
import com.penguinmails.sandbox.world.TenantMailboxes;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A tenant gives up what was proved: it works on for a time of grace, in which that can be taken
/// back; then everything that was made is taken back, and the bought server is staff's to give up.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(600)
class RetireIT {
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final String KEYS_OF_SERVERS =
      "secret WHERE destroyed_at IS NULL AND path LIKE 'server/%'";

  private TestedProduct tested;
  private SandboxWorld world;

  @BeforeAll
  void start(@TempDir Path directory) {
    tested =
        TestedProduct.start(
            SandboxWorld.Plan.in(directory.resolve("world"), Depth.SIMULATED, (_, _) -> {}),
            world ->
                RunningProduct.start(
                    world, Map.of("penguin.api.cancel-grace", GRACE.toSeconds() + "s")));
    world = tested.world();
  }

  @AfterAll
  void stop() {
    tested.close();
  }

  @Test
  void worksOnUntilItsTimeIsOverAndThenNothingOfItIsLeft() {
    var domain = new DomainName("given-up.test");
    int others = world.hostwinds().charges().size();
    long mailboxes = tested.count("mailbox WHERE state <> 'RETIRED'");
    long secrets = secrets();
    long keys = tested.count(KEYS_OF_SERVERS);
    var setup = proved(domain, "first");
    new TenantMailboxes(setup).order("more", List.of("anna"));
    new TenantMailboxes(setup).untilAll("READY");

    assertThat(command(setup, "retire")).isEqualTo(202);
    assertThat(setup.look().path("resumableUntil").asText()).isNotBlank();
    assertThat(command(setup, "resume")).isEqualTo(202);
    await()
        .during(GRACE.plusSeconds(4))
        .atMost(GRACE.plusSeconds(8))
        .until(() -> setup.state().equals("DONE") && !read(domain, DnsRecord.Type.MX).isEmpty());

    assertThat(command(setup, "retire")).isEqualTo(202);
    assertThat(setup.state()).as("works on").isEqualTo("DONE");
    setup.untilState("CANCELLED");

    assertThat(secrets()).as("what nobody needs any more").isEqualTo(secrets);
    assertThat(tested.count(KEYS_OF_SERVERS)).isEqualTo(keys);
    assertThat(read(domain, DnsRecord.Type.MX)).isEmpty();
    assertThat(read(domain, DnsRecord.Type.TXT)).isEmpty();
    assertThat(world.hostwinds().charges()).hasSize(others + 1);
    assertThat(tested.count("mailbox WHERE state <> 'RETIRED'")).as("logins").isEqualTo(mailboxes);
    assertThat(setup.causes()).containsOnly("SERVER_PARKED");
    var label = tested.labels(setup).getFirst();
    assertThat(Staff.of(world).does("incidents")).contains("order: " + label);
    Staff.of(world).does("release", label, "--as=ada", "--reason=cancelled at the seller");
    assertThat(setup.causes()).isEmpty();

    assertThat(proved(domain, "again").causes()).isEmpty();
    assertThat(world.hostwinds().charges()).as("another server").hasSize(others + 2);
  }

  @Test
  void theServerThatADomainHasLeftIsGivenUpFirst() {
    var domain = new DomainName("moved-on.test");
    long before = secrets();
    var first = proved(domain, "first");
    long secrets = secrets();
    assertThat(secrets).as("logins, DKIM key, access to the zone").isEqualTo(before + 3);
    var second = proved(domain, "second");
    assertThat(secrets()).as("the access that counts by now").isEqualTo(secrets);
    var texts = read(domain, DnsRecord.Type.TXT);
    assertThat(texts).as("one SPF text, of both").singleElement().asString().contains(" ip4:");

    var refused = tested.client().command(second.id(), "retire", "too-early");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body().path("type").asText()).isEqualTo("/problems/earlier-setup-stands");
    assertThat(refused.body().path("detail").asText()).contains(first.id());

    assertThat(command(first, "retire")).isEqualTo(202);
    first.untilState("CANCELLED");

    assertThat(first.causes()).containsOnly("SERVER_PARKED");
    assertThat(secrets()).as("the domain has only moved").isEqualTo(secrets);
    assertThat(second.state()).isEqualTo("DONE");
    assertThat(second.causes()).isEmpty();
    assertThat(read(domain, DnsRecord.Type.MX)).hasSize(1);
    assertThat(mechanisms(texts)).as("while both stood").hasSize(2);
    assertThat(mechanisms(read(domain, DnsRecord.Type.TXT)))
        .as("without the address of the server that was given up")
        .hasSize(1)
        .isSubsetOf(mechanisms(texts));

    assertThat(command(second, "retire")).isEqualTo(202);
    second.untilState("CANCELLED");
    assertThat(read(domain, DnsRecord.Type.TXT)).isEmpty();
    assertThat(read(domain, DnsRecord.Type.MX)).isEmpty();
    assertThat(secrets()).isEqualTo(before);
  }

  /// How many the store holds of domains: logins, DKIM keys, access to zones.
  private long secrets() {
    return tested.count(
        "secret WHERE destroyed_at IS NULL AND path SIMILAR TO '(mailbox|domain|setup)/%'");
  }

  private static List<String> mechanisms(List<String> texts) {
    return texts.stream()
        .flatMap(text -> Arrays.stream(text.split(" ")))
        .filter(word -> word.startsWith("ip4:"))
        .toList();
  }

  private TenantSetup proved(DomainName domain, String which) {
    var setup = tested.order(domain + "/" + which, DemoTenant.of(world).purchase(domain));
    setup.untilState("DONE");
    return setup;
  }

  private int command(TenantSetup setup, String command) {
    var key = UUID.randomUUID().toString();
    return tested.client().command(setup.id(), command, key).status();
  }

  private List<String> read(DomainName domain, DnsRecord.Type type) {
    return world.dns().read(domain, RecordName.of(domain), type).stream()
        .map(DnsRecord::value)
        .toList();
  }
}
