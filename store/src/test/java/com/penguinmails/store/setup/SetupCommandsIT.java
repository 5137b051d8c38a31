package com.penguinmails.store.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.setup.SetupCommands.Command;
import com.penguinmails.store.setup.SetupCommands.Taken;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.store.tenant.TenantStore.NewTenant;
import com.penguinmails.workflows.model.SetupId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Keys of commands.
class SetupCommandsIT {
  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static SetupCommands commands;
  private NewTenant tenant;
  private SetupId setup;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    commands = new SetupCommands(tenancy);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void order() {
    tenant = new TenantStore(tenancy).create("Acme");
    setup = ordered(tenant, "acme.test");
  }

  @Test
  void takesAKeyOnceForOneCommandToOneSetup() {
    var other = ordered(tenant, "other.test");

    assertThat(take(setup, Command.RETIRE, "key")).isEqualTo(Taken.NEW);
    assertThat(take(setup, Command.RETIRE, "key")).isEqualTo(Taken.BEFORE);
    assertThat(take(setup, Command.RESUME, "key")).isEqualTo(Taken.FOR_ANOTHER);
    assertThat(take(other, Command.RETIRE, "key")).isEqualTo(Taken.FOR_ANOTHER);
    assertThat(take(setup, Command.RETIRE, "key-2")).isEqualTo(Taken.NEW);
  }

  @Test
  void keepsNoKeyOfACommandThatIsRefused() {
    assertThatThrownBy(() ->
            tenancy.as(
                tenant.id(),
                () -> {
                  commands.take(setup, Command.RETIRE, "key");
                  throw new IllegalStateException("not proved");
                }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(take(setup, Command.RETIRE, "key")).isEqualTo(Taken.NEW);
  }

  @Test
  void knowsNoKeyOfAnotherTenant() {
    take(setup, Command.RETIRE, "key");
    tenant = new TenantStore(tenancy).create("Other");

    assertThat(take(ordered(tenant, "acme.test"), Command.RETIRE, "key")).isEqualTo(Taken.NEW);
  }

  private Taken take(SetupId which, Command command, String key) {
    return tenancy.as(tenant.id(), () -> commands.take(which, command, key));
  }

  private static SetupId ordered(NewTenant tenant, String domain) {
    var wanted = Samples.newSetup(tenant.workspace(), domain, domain, "192.0.2.10");
    tenancy.as(tenant.id(), () -> new SetupStore(tenancy).request(wanted));
    return wanted.id();
  }
}
