package com.penguinmails.store.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.decision.DecisionStore;
import com.penguinmails.store.decision.DecisionStore.NewDecision;
import com.penguinmails.store.domain.RecordStateStore.RecordState.State;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.row.Helper;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordStateIT {
  private static final DnsRecord MX =
      new DnsRecord(new RecordName("acme.test"), DnsRecord.Type.MX, "10 mail.acme.test", 300);
  private static final DnsRecord SPF =
      new DnsRecord(new RecordName("acme.test"), DnsRecord.Type.TXT, "v=spf1 mx -all", 300);
  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static RecordStateStore records;
  private TenantId tenant;
  private DomainId domain;
  private SetupId setup;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    records = new RecordStateStore(tenancy);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void newDomain() {
    var made = new TenantStore(tenancy).create("Acme");
    tenant = made.id();
    var wanted = Samples.newSetup(made.workspace(), "k", "acme.test", "192.0.2.10");
    setup = wanted.id();
    domain = wanted.domain().id();
    tenancy.run(tenant, () -> new SetupStore(tenancy).request(wanted));
  }

  @Test
  void withdrawsExactlyWhatWeAdded() {
    tenancy.run(tenant, () -> records.want(domain, List.of(MX, SPF)));
    tenancy.run(tenant, () -> records.markOurs(domain, MX));
    tenancy.run(tenant, () -> records.report(domain, SPF, State.VERIFIED, "was there"));

    var ours = tenancy.reading(tenant, () -> records.oursToWithdraw(domain));
    tenancy.run(tenant, () -> records.report(domain, MX, State.WITHDRAWN, "taken back"));

    assertThat(ours).containsExactly(MX);
    assertThat(tenancy.reading(tenant, () -> records.oursToWithdraw(domain))).isEmpty();
  }

  @Test
  void remembersWhatOursTookThePlaceOf() {
    var theirs = new DnsRecord(MX.name(), DnsRecord.Type.MX, "10 theirs.example", 3600);
    tenancy.run(tenant, () -> records.want(domain, List.of(SPF)));
    tenancy.run(tenant, () -> records.markOurs(domain, SPF));

    tenancy.run(tenant, () -> records.noteReplaced(domain, List.of(theirs, SPF)));
    tenancy.run(tenant, () -> records.noteReplaced(domain, List.of(theirs)));

    assertThat(tenancy.reading(tenant, () -> records.replaced(domain))).containsExactly(theirs);
  }

  @Test
  void neverGivesADkimSelectorTwice() {
    var keys = new DkimKeyStore(tenancy);
    var name = new DomainName("acme.test");
    var secret = new SecretRef("domain/dkim", 1);

    var first = tenancy.as(tenant, () -> keys.unusedSelector(name, "pm202611"));
    tenancy.run(tenant, () -> keys.insertOrFind(domain, first, secret, "MII"));
    tenancy.run(tenant, () -> new DomainStore(tenancy).withdraw(domain));

    assertThat(first).isEqualTo("pm202611");
    assertThat(tenancy.reading(tenant, () -> keys.unusedSelector(name, "pm202611")))
        .isEqualTo("pm202611-2");
  }

  @Test
  void wantingAgainKeepsTheStateUnlessItWasWithdrawn() {
    tenancy.run(tenant, () -> records.want(domain, List.of(MX, SPF)));
    tenancy.run(tenant, () -> records.report(domain, MX, State.PUBLISHED, "primary"));
    tenancy.run(tenant, () -> records.report(domain, SPF, State.WITHDRAWN, "taken back"));

    tenancy.run(tenant, () -> records.want(domain, List.of(MX, SPF)));

    assertThat(tenancy.reading(tenant, () -> records.ofDomain(domain)))
        .extracting(RecordStateStore.RecordState::state)
        .containsExactly(State.PUBLISHED, State.WANTED);
  }

  @Test
  void aRepeatedDecisionIsWrittenOnce() {
    var decisions = new DecisionStore(tenancy);
    var decision =
        new NewDecision(
            EntityKind.DOMAIN,
            domain.value(),
            "publish",
            Map.of("records", "2", "version", "1"),
            "RecordPlan",
            "2 to add",
            "run-1");

    tenancy.run(tenant, () -> decisions.record(decision));
    tenancy.run(tenant, () -> decisions.record(decision));

    var written = tenancy.reading(tenant, () -> decisions.of(domain.value()));
    assertThat(written).hasSize(1);
    assertThat(written.getFirst().decision()).isEqualTo(decision);
  }

  @Test
  void anIncidentIsOpenOnceAndOpensAnewOnceClosed() {
    var incidents = new IncidentStore(tenancy);
    var incident =
        new NewIncident(
            EntityKind.DOMAIN,
            domain.value(),
            Optional.empty(),
            "dns.tsig-refused",
            Map.of("server", "192.0.2.53"),
            "dns.correct-key",
            Helper.TENANT);

    var first = tenancy.as(tenant, () -> incidents.open(incident));
    var second = tenancy.as(tenant, () -> incidents.open(incident));
    var open = tenancy.reading(tenant, () -> incidents.openOf(setup));
    tenancy.run(tenant, () -> incidents.close(first));
    var third = tenancy.as(tenant, () -> incidents.open(incident));

    assertThat(second).isEqualTo(first);
    assertThat(open).hasSize(1);
    assertThat(third).isNotEqualTo(first);
  }
}
