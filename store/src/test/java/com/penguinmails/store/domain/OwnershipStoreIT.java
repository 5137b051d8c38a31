package com.penguinmails.store.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class OwnershipStoreIT {
  private static final Duration WEEK = Duration.ofDays(7);
  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static OwnershipStore ownership;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    ownership = new OwnershipStore(tenancy);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void ofManyAtOnceExactlyOneOwns() throws Exception {
    var claims = new ArrayList<Claim>();
    for (int i = 0; i < 6; i++) {
      claims.add(claim("many.test"));
      claims.add(claim("mail.many.test"));
    }
    List<Callable<Boolean>> calls =
        claims.stream().<Callable<Boolean>>map(claim -> claim::take).toList();

    var won = new ArrayList<Boolean>();
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var future : threads.invokeAll(calls)) {
        won.add(future.get());
      }
    }

    // The names below are of six tenants too: one of all twelve.
    assertThat(won).filteredOn(Boolean::booleanValue).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "same.test,              same.test,              false",
    "above.test,             mail.above.test,        false",
    "a.b.below.test,         below.test,             false",
    "news.sisters.test,      mail.sisters.test,      true",
    "tail.test,              curtail.test,           true",
    "mail.tail2.test,        mail.curtail2.test,     true",
    "other.test,             other.example,          true"
  })
  void namesAboveAndBelowAreInTheWay(String owned, String claimed, boolean isTaken) {
    var owner = claim(owned);
    var other = claim(claimed);

    assertThat(owner.take()).isTrue();
    assertThat(owner.take()).as("safe to repeat").isTrue();
    assertThat(other.take()).isEqualTo(isTaken);

    assertThat(other.isOwned()).isEqualTo(isTaken);
    assertThat(other.inTheWay())
        .isEqualTo(
            isTaken
                ? List.of()
                : List.of(new OwnershipStore.Owner(owner.tenant(), owner.domain())));
  }

  @Test
  void oneTenantMayOwnNamesBelowEachOther() {
    var above = claim("family.test");
    var below = above.another("mail.family.test");

    assertThat(above.take()).isTrue();
    assertThat(below.take()).isTrue();
  }

  @Test
  void nobodyStandsInTheWayOfAClaimOfAnotherTenantThanTheRunningOne() {
    var owner = claim("asked.test");
    var other = claim("asked.test");
    owner.take();

    var asStranger = tenancy.as(owner.tenant(), () -> ownership.inTheWay(other.domain()));

    assertThat(other.inTheWay()).hasSize(1);
    assertThat(asStranger).isEmpty();
  }

  @Test
  void anOwnerLosesTheNameOnlyAfterTheProofStayedAway() {
    var owner = claim("lost.test");
    var next = claim("lost.test");
    owner.take();

    assertThat(owner.challenged(true)).isEmpty();
    assertThat(owner.lose()).as("never missing").isFalse();
    assertThat(owner.challenged(false).orElseThrow().lasting()).isZero();
    age(owner, "6 days");
    assertThat(owner.lose()).as("missing for six days").isFalse();
    assertThat(owner.challenged(true)).as("seen again").isEmpty();
    assertThat(owner.challenged(false).orElseThrow().lasting()).isZero();
    age(owner, "8 days");
    assertThat(owner.challenged(false).orElseThrow().lasting()).isGreaterThan(WEEK);
    assertThat(next.take()).as("not before the owner lost it").isFalse();
    assertThat(owner.lose()).isTrue();
    assertThat(owner.lose()).as("safe to repeat").isFalse();

    assertThat(next.take()).isTrue();
    assertThat(owner.take()).isFalse();
    assertThat(owner.challenged(true)).as("owns nothing").isEmpty();
    assertThat(audit(owner))
        .containsExactly(
            "domain.claimed",
            "domain.owned",
            "domain.proof_missing",
            "domain.proof_seen_again",
            "domain.proof_missing",
            "domain.ownership_lost");
  }

  @Test
  void itsServerTakesMailForADomainFromTheFirstProofOn() {
    var owner = claim("first-proof.test");
    assertThat(owner.serverVersion()).isEqualTo(1);

    owner.take();
    owner.take();
    assertThat(owner.serverVersion()).isEqualTo(2);

    owner.challenged(false);
    age(owner, "8 days");
    assertThat(owner.lose()).isTrue();
    owner.take();
    assertThat(owner.serverVersion()).as("it went on meanwhile").isEqualTo(2);
  }

  /// From then on its names can be ordered, after an ownership that was lost too.
  @Test
  void wantsANewerCertificateEachTimeItIsOwned() {
    var owner = claim("certified.test");
    assertThat(owner.certificateVersion()).isEqualTo(1);

    owner.take();
    owner.take();
    assertThat(owner.certificateVersion()).isEqualTo(2);

    owner.challenged(false);
    age(owner, "8 days");
    owner.lose();
    owner.take();
    assertThat(owner.certificateVersion()).isEqualTo(3);
  }

  @Test
  void aWithdrawnDomainStandsInNobodysWay() {
    var owner = claim("left.test");
    var next = claim("left.test");
    owner.take();
    tenancy.run(owner.tenant(), () -> new DomainStore(tenancy).withdraw(owner.domain()));

    assertThat(next.take()).isTrue();
  }

  private static Claim claim(String name) {
    var made = new TenantStore(tenancy).create("Tenant of " + name);
    return claim(made, name);
  }

  private static Claim claim(TenantStore.NewTenant made, String name) {
    return tenancy.as(
        made.id(),
        () -> {
          var wanted = Samples.newSetup(made.workspace(), name, name, "192.0.2.10");
          var setups = new SetupStore(tenancy);
          setups.request(wanted);
          return new Claim(made, setups.facts(wanted.id()).domain().id());
        });
  }

  private static void age(Claim claim, String interval) {
    JdbcClient.create(postgres.owner())
        .sql(
            "UPDATE domain SET proof_missing_since = now() - CAST(:age AS interval) WHERE id = :id")
        .param("age", interval)
        .param("id", claim.domain().value())
        .update();
  }

  private static List<String> audit(Claim claim) {
    return tenancy.reading(
        claim.tenant(),
        () ->
            tenancy
                .jdbc()
                .sql("SELECT action FROM audit_event WHERE entity_id = :id ORDER BY at, id")
                .param("id", claim.domain().value())
                .query(String.class)
                .list());
  }

  /// A claim of one tenant.
  private record Claim(TenantStore.NewTenant made, DomainId domain) {
    TenantId tenant() {
      return made.id();
    }

    Claim another(String name) {
      return claim(made, name);
    }

    boolean take() {
      return tenancy.as(tenant(), () -> ownership.take(domain));
    }

    long serverVersion() {
      return tenancy.reading(
          tenant(),
          () ->
              new ServerStore(tenancy)
                  .get(new DomainStore(tenancy).get(domain).server())
                  .desiredVersion());
    }

    long certificateVersion() {
      return tenancy.reading(
          tenant(),
          () ->
              tenancy
                  .jdbc()
                  .sql(
                      """
                      SELECT c.desired_version FROM certificate c
                      JOIN domain d ON d.server_id = c.server_id WHERE d.id = :id
                      """)
                  .param("id", domain.value())
                  .query(Long.class)
                  .single());
    }

    boolean lose() {
      return tenancy.as(tenant(), () -> ownership.lose(domain, WEEK));
    }

    boolean isOwned() {
      return tenancy.reading(
          tenant(), () -> new DomainStore(tenancy).get(domain).ownedAt().isPresent());
    }

    List<OwnershipStore.Owner> inTheWay() {
      return tenancy.reading(tenant(), () -> ownership.inTheWay(domain));
    }

    Optional<OwnershipStore.Missing> challenged(boolean isSeen) {
      return tenancy.as(tenant(), () -> ownership.challenged(domain, isSeen));
    }
  }
}
