package com.penguinmails.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.setup.LostAnswers;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Somebody edits the zone of a domain that works, and a sweep comes by itself: what is missing is
/// put back, and what has another value waits for its tenant. Every activity is done twice.
@Timeout(600)
public class DomainSweepIT {
  /// What nothing else needs; the rest is of [com.penguinmails.sandbox.setup.LostAnswersIT].
  public static final Set<String> COVERED = Set.of("Sweep.LookAtDomains");

  private static final DomainName DOMAIN = new DomainName("drifting.test");
  private static final RecordName DMARC = new RecordName("_dmarc." + DOMAIN);
  private static final RecordName APEX = RecordName.of(DOMAIN);
  private static final Duration UNTIL_SEEN = Duration.ofMinutes(2);

  @Test
  void putsBackWhatIsMissingAndAsksAboutWhatIsAnother(@TempDir Path directory) {
    var lost = new LostAnswers();
    var often = Map.of("penguin.worker.domain-sweep-every", "2s");
    try (var tested =
        TestedProduct.start(
            SandboxWorld.Plan.instant(directory),
            world -> RunningProduct.start(world, lost, often, Map.of()))) {
      var world = tested.world();
      var setup = tested.order("drift", DemoTenant.of(world).purchase(DOMAIN));
      setup.untilState("DONE");
      await().atMost(UNTIL_SEEN).until(() -> lost.types().containsAll(COVERED));
      assertThat(tested.count("incident WHERE cause = 'records-gone'"))
          .as("a domain that is as it should is left alone")
          .isZero();
      var dmarc = values(tested, DMARC, DnsRecord.Type.TXT);
      var mx = values(tested, APEX, DnsRecord.Type.MX);
      assertThat(dmarc).hasSize(1);
      assertThat(mx).hasSize(1);

      world.dns().put(DOMAIN, DMARC, DnsRecord.Type.TXT);

      await()
          .atMost(UNTIL_SEEN)
          .untilAsserted(() -> {
            assertThat(values(tested, DMARC, DnsRecord.Type.TXT)).isEqualTo(dmarc);
            assertThat(tested.count("incident WHERE cause = 'records-gone'")).isOne();
            assertThat(setup.causes()).as("it is over").isEmpty();
          });
      assertThat(
              tested.count(
                  "decision WHERE step = 'sweep/repair' AND answer LIKE '%nobody need be asked%'"))
          .isOne();

      world.dns().put(DOMAIN, APEX, DnsRecord.Type.MX, "5 mx.elsewhere.test");

      await()
          .atMost(UNTIL_SEEN)
          .untilAsserted(
              () -> assertThat(setup.causes()).contains("RECORDS_GONE", "DNS_FOREIGN_MX"));
      assertThat(values(tested, APEX, DnsRecord.Type.MX))
          .as("it is the tenant's own act")
          .containsExactly("5 mx.elsewhere.test");

      world.dns().put(DOMAIN, APEX, DnsRecord.Type.MX, mx.toArray(String[]::new));

      await().atMost(UNTIL_SEEN).until(() -> setup.causes().isEmpty());
    }
  }

  private static List<String> values(TestedProduct tested, RecordName name, DnsRecord.Type type) {
    return tested.world().dns().read(DOMAIN, name, type).stream().map(DnsRecord::value).toList();
  }
}
