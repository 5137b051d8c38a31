package com.penguinmails.store.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.domain.ZoneLeaseStore.ZoneLease;
import com.penguinmails.workflows.model.DomainName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ZoneLeaseIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static PostgresForTests postgres;
  private static ZoneLeaseStore leases;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    leases = new ZoneLeaseStore(postgres.tenancy());
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void goesToOneOfMany() throws Exception {
    var zone = new DomainName("many.test");
    List<Callable<Optional<ZoneLease>>> calls = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      var holder = "holder-" + i;
      calls.add(() -> leases.acquire(zone, holder, MINUTE));
    }
    List<ZoneLease> won = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var future : threads.invokeAll(calls)) {
        future.get().ifPresent(won::add);
      }
    }

    assertThat(won).hasSize(1);
  }

  @Test
  void keepsTheFenceForItsHolderAndRaisesItForTheNext() {
    var zone = new DomainName("fence.test");
    var first = leases.acquire(zone, "a", MINUTE).orElseThrow();
    var again = leases.acquire(zone, "a", MINUTE).orElseThrow();
    var refused = leases.acquire(zone, "b", MINUTE);
    leases.release(first);
    var second = leases.acquire(zone, "b", MINUTE).orElseThrow();

    assertThat(again.fence()).isEqualTo(first.fence());
    assertThat(refused).isEmpty();
    assertThat(second.fence()).isGreaterThan(first.fence());
  }

  @Test
  void aHolderThatSleptTooLongIsToldSoAndHarmsNobody() {
    var zone = new DomainName("slept.test");
    var slept = leases.acquire(zone, "a", Duration.ofMillis(50)).orElseThrow();
    var next =
        await().until(() -> leases.acquire(zone, "b", MINUTE), Optional::isPresent).orElseThrow();

    var renewed = leases.renew(slept, MINUTE);
    leases.release(slept);

    assertThat(renewed).isEmpty();
    assertThat(next.fence()).isEqualTo(slept.fence() + 1);
    assertThat(leases.renew(next, MINUTE)).isPresent();
  }
}
