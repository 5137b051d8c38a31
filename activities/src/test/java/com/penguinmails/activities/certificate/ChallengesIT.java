package com.penguinmails.activities.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.activities.domain.ZoneWriter;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.acme.CertificateAuthority;
import com.penguinmails.ports.acme.CertificateAuthority.Order;
import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.embedded.EmbeddedSecretStore;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.domain.ZoneLeaseStore;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.store.tenant.TenantStore.NewTenant;
import com.penguinmails.workflows.certificate.CertificateActivities.HideChallenges;
import com.penguinmails.workflows.certificate.CertificateActivities.OpenOrder;
import com.penguinmails.workflows.certificate.CertificateActivities.RetireCertificate;
import com.penguinmails.workflows.certificate.CertificateActivities.ShowChallenges;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.RecordQuestion;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Challenge records come into a zone and go out of it again, in whatever order attempts arrive.
class ChallengesIT {
  private static final DomainName DOMAIN = new DomainName("acme.test");

  private final Zone zone = new Zone();
  private final Authority authority = new Authority();
  private PostgresForTests postgres;
  private CertificateActivitiesImpl activities;
  private NewTenant tenant;
  private Setup setup;

  @BeforeEach
  void start(@TempDir Path directory) {
    postgres = PostgresForTests.freshDatabase();
    var stores = Stores.on(postgres.tenancy());
    var secrets =
        new EmbeddedSecretStore(
            stores.tenancy(),
            new SecretRows(stores.tenancy()),
            KeyFile.openOrCreate(directory.resolve("master.key")));
    tenant = new TenantStore(stores.tenancy()).create("Acme");
    var wanted = Samples.newSetup(tenant.workspace(), "k1", DOMAIN.value(), "192.0.2.10");
    secrets.putIfAbsent(
        tenant.id(), wanted.domain().zoneSecret().orElseThrow().path(), Map.of("secret", "s"));
    setup =
        stores
            .tenancy()
            .as(
                tenant.id(),
                () -> {
                  stores.setups().request(wanted);
                  return stores.setups().get(wanted.id());
                });
    JdbcClient.create(postgres.superuser()).sql("UPDATE domain SET owned_at = now()").update();
    activities =
        new CertificateActivitiesImpl(
            stores,
            secrets,
            authority,
            new ZoneWriter(Map.of("rfc2136", zone), secrets, new ZoneLeaseStore(stores.tenancy())),
            zone);
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  @Test
  void areShownAndTakenAwayAsOftenAsItIsAsked() {
    var challenges = order();

    show(challenges);
    show(challenges);
    assertThat(zone.records).hasSize(2);

    hide(challenges);
    hide(challenges);
    assertThat(zone.records).isEmpty();
  }

  /// By an attempt that was believed dead: nobody would take them away again.
  @Test
  void areNotShownOnceTheyWereTakenAway() {
    var challenges = order();
    show(challenges);
    hide(challenges);

    assertThatThrownBy(() -> show(challenges))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("taken away before they could be shown");

    assertThat(zone.records).isEmpty();
  }

  /// The order is still open, so that the authority has the same challenges as before.
  @Test
  void areShownAgainForTheSameOrderInALaterTurn() {
    hide(order());

    var challenges = order();
    show(challenges);

    assertThat(zone.records).hasSize(2);
  }

  /// An order came to nothing, and they could not be taken away then.
  @Test
  void areTakenAwayBeforeOthersAreOrdered() {
    var earlier = order();
    show(earlier);
    zone.isClosed = true;
    assertThatThrownBy(() -> hide(earlier)).isInstanceOf(RuntimeException.class);
    authority.status = Order.Status.INVALID;
    assertThatThrownBy(this::order)
        .as("the zone is closed still")
        .isInstanceOf(RuntimeException.class);

    zone.isClosed = false;
    var challenges = order();

    assertThat(zone.records).isEmpty();
    assertThat(challenges).isNotEmpty().doesNotContainAnyElementsOf(earlier);
  }

  @Test
  void areTakenAwayBeforeTheCertificateIsRetired() {
    show(order());
    zone.isClosed = true;
    assertThatThrownBy(this::retire).isInstanceOf(RuntimeException.class);
    assertThat(state()).isNotEqualTo("RETIRED");

    zone.isClosed = false;
    retire();
    retire();

    assertThat(zone.records).isEmpty();
    assertThat(state()).isEqualTo("RETIRED");
  }

  private void retire() {
    activities.retire(new RetireCertificate(tenant.id(), setup.certificate()));
  }

  private String state() {
    return JdbcClient.create(postgres.superuser())
        .sql("SELECT state FROM certificate")
        .query(String.class)
        .single();
  }

  private List<DnsRecord> order() {
    return activities
        .order(new OpenOrder(tenant.id(), setup.certificate(), setup.id()))
        .challenges();
  }

  private void show(List<DnsRecord> challenges) {
    activities.showChallenges(
        new ShowChallenges(
            tenant.id(), setup.certificate(), setup.id(), challenges, Duration.ofSeconds(1)));
  }

  private void hide(List<DnsRecord> challenges) {
    activities.hideChallenges(
        new HideChallenges(tenant.id(), setup.certificate(), setup.id(), challenges));
  }

  /// A zone whose servers show at once what is written.
  private static final class Zone implements DnsProvider, DnsProvider.Factory, Resolver {
    private final List<DnsRecord> records = new ArrayList<>();
    private boolean isClosed;

    @Override
    public String kind() {
      return "rfc2136";
    }

    @Override
    public DnsProvider open(
        DomainName zone, Map<String, String> settings, Map<String, String> secret) {
      return this;
    }

    @Override
    public DomainName zone() {
      return DOMAIN;
    }

    @Override
    public List<String> nameServers() {
      return List.of("ns1.dns.test");
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public List<DnsRecord> read(Collection<RecordQuestion> questions) {
      return records.stream()
          .filter(record -> questions.contains(new RecordQuestion(record.name(), record.type())))
          .toList();
    }

    @Override
    public void change(List<Change> changes) {
      if (isClosed) {
        throw new Unavailable("the zone takes no changes just now");
      }
      changes.forEach(change -> {
        records.removeAll(change.remove());
        records.addAll(change.add());
      });
    }

    @Override
    public Optional<Delegation> delegation(RecordName name) {
      return Optional.of(
          new Delegation(DOMAIN, List.of(new NameServer("ns1.dns.test", Optional.empty()))));
    }

    @Override
    public List<ServerAnswer> askAuthoritative(
        Delegation delegation, RecordName name, DnsRecord.Type type) {
      return List.of(
          new ServerAnswer(
              "ns1.dns.test", new Answer.Found(read(List.of(new RecordQuestion(name, type))))));
    }

    @Override
    public List<ServerAnswer> askRecursive(RecordName name, DnsRecord.Type type) {
      return List.of();
    }
  }

  /// Has one order at a time, each with challenges of its own.
  private static final class Authority implements CertificateAuthority {
    private Order.Status status = Order.Status.PENDING;
    private int orders;

    @Override
    public String caaIdentity() {
      return "ca.test";
    }

    @Override
    public URI account(String accountKeyPem) {
      return URI.create("https://ca.test/account/1");
    }

    @Override
    public Order order(String accountKeyPem, List<DomainName> names) {
      orders++;
      status = Order.Status.PENDING;
      return known(names);
    }

    private Order known(List<DomainName> names) {
      return new Order(
          URI.create("https://ca.test/order/" + orders),
          status,
          names.stream()
              .map(name ->
                  new Challenge(new RecordName("_acme-challenge." + name), name + "-" + orders))
              .toList(),
          Optional.empty());
    }

    @Override
    public Order look(String accountKeyPem, URI order, boolean validate) {
      return known(List.of(DOMAIN.child("mail"), DOMAIN.child("mta-sts")));
    }

    @Override
    public Optional<Issued> complete(String accountKeyPem, URI order, String certificateKeyPem) {
      return Optional.empty();
    }

    @Override
    public Instant renewAfter(String chainPem) {
      return Instant.EPOCH;
    }
  }
}
