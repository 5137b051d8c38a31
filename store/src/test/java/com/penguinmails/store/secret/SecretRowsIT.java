package com.penguinmails.store.secret;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.secret.SecretRows.Written;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecretRowsIT {
  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static SecretRows secrets;
  private TenantId tenant;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    secrets = new SecretRows(tenancy);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void newTenant() {
    tenant = new TenantStore(tenancy).create("Acme").id();
  }

  @Test
  void writesOnceHoweverManyTryAtOnce() throws Exception {
    List<Callable<Written>> calls = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      var content = new byte[] {(byte) i};
      calls.add(() -> tenancy.as(tenant, () -> secrets.insertIfAbsent("dkim/a", "k1", content)));
    }
    List<Written> answers = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var future : threads.invokeAll(calls)) {
        answers.add(future.get());
      }
    }

    assertThat(answers).extracting(Written::version).containsOnly(1);
    assertThat(answers).filteredOn(Written::isNew).hasSize(1);
  }

  @Test
  void countsVersionsAndDestroysOne() {
    tenancy.run(tenant, () -> secrets.insertIfAbsent("dkim/a", "k1", new byte[] {1}));
    var second =
        tenancy.as(tenant, () -> secrets.insertNextVersion("dkim/a", "k1", new byte[] {2}));

    var destroyed = tenancy.as(tenant, () -> secrets.destroy("dkim/a", 1));
    var again = tenancy.as(tenant, () -> secrets.destroy("dkim/a", 1));
    var third = tenancy.as(tenant, () -> secrets.insertIfAbsent("dkim/a", "k1", new byte[] {3}));

    assertThat(second).isEqualTo(2);
    assertThat(destroyed).isTrue();
    assertThat(again).isFalse();
    assertThat(third).isEqualTo(new Written(2, false));
    tenancy.run(
        tenant,
        () -> {
          assertThat(secrets.find("dkim/a", 1).orElseThrow().ciphertext()).isEmpty();
          assertThat(secrets.find("dkim/a", 2).orElseThrow().ciphertext()).isPresent();
          assertThat(secrets.find("dkim/a", 3)).isEmpty();
        });
  }
}
