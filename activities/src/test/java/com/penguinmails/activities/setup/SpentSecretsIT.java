package com.penguinmails.activities.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.secret.embedded.EmbeddedSecretStore;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.domain.RecordStateStore.RecordState;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.store.tenant.TenantStore.NewTenant;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.SetupActivities.EnterStage;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a set-up kept in confidence is gone when it has taken back what it made.
class SpentSecretsIT {
  private static final SecretRef DKIM = new SecretRef("domain/dkim", 1);

  private PostgresForTests postgres;
  private Stores stores;
  private SecretStore embedded;
  private ClosableStore secrets;
  private SetupActivitiesImpl activities;
  private NewTenant tenant;

  @BeforeEach
  void start(@TempDir Path directory) {
    postgres = PostgresForTests.freshDatabase();
    stores = Stores.on(postgres.tenancy());
    embedded =
        new EmbeddedSecretStore(
            stores.tenancy(),
            new SecretRows(stores.tenancy()),
            KeyFile.openOrCreate(directory.resolve("master.key")));
    secrets = new ClosableStore(embedded);
    activities = new SetupActivitiesImpl(stores, secrets);
    tenant = new TenantStore(stores.tenancy()).create("Acme");
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  /// Whoever says that a server is gone destroys nothing, nor does whoever switches one off.
  @Test
  void destroysOurKeysForAServerThatIsRetired() {
    var setup = ordered("k1", "acme.test");
    var key = secrets.putIfAbsent(tenant.id(), "server/login", Map.of("pem", "ours"));
    run(() -> stores.servers().recordLogin(setup.server(), key));

    cancelled(setup);
    assertThat(left()).containsExactly("server/login", "setup/k1/zone");

    retireServer(setup);
    cancelled(setup);
    assertThat(left()).containsExactly("setup/k1/zone");
    assertThat(spent(setup)).isEmpty();
  }

  @Test
  void destroysLoginsKeysAndAccessOfADomainThatIsGone() {
    var setup = withSecrets(ordered("k1", "acme.test"));
    withdraw(setup);
    retireServer(setup);

    cancelled(setup);
    cancelled(setup);

    assertThat(left()).isEmpty();
    assertThat(spent(setup)).isEmpty();
    assertThat(state(setup)).isEqualTo(Setup.State.CANCELLED);
  }

  @Test
  void keepsWhatADomainNeedsThatIsStillThere() {
    var setup = withSecrets(ordered("k1", "acme.test"));
    retireServer(setup); // another server has the domain

    cancelled(setup);

    assertThat(left()).hasSize(4);
  }

  /// The server's certificate is proved in it, and its records go with the server.
  @Test
  void keepsTheAccessToTheZoneThatAServerIsNamedIn() {
    var setup = withSecrets(ordered("k1", "acme.test"));
    var beside = ordered("k2", "beside.test");
    withdraw(setup);

    cancelled(setup);
    assertThat(left()).containsExactly("setup/k1/zone", "setup/k2/zone");

    withdraw(beside);
    retireServer(beside);
    var hostname = ours(setup);
    cancelled(beside);
    assertThat(left()).as("a record of ours is still in it").containsExactly("setup/k1/zone");

    withdrawn(setup, hostname);
    cancelled(beside);
    assertThat(left()).isEmpty();
  }

  @Test
  void tellsStaffAndForgetsNothingWhileTheStoreIsClosed() {
    var setup = withSecrets(ordered("k1", "acme.test"));
    withdraw(setup);
    retireServer(setup);
    secrets.closeAfter(1);

    assertThatThrownBy(() -> cancelled(setup))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> assertThat(failure.isNonRetryable()).as("the run goes on").isFalse());

    assertThat(state(setup)).isEqualTo(Setup.State.RUNNING);
    assertThat(causes(setup)).containsExactly(Cause.SECRET_STORE_UNAVAILABLE.code());
    assertThat(left()).hasSize(3);
    assertThat(spent(setup)).as("what is there is known").hasSize(3);

    secrets.open();
    cancelled(setup);
    assertThat(left()).isEmpty();
    assertThat(causes(setup)).isEmpty();
  }

  /// The one before may still turn out to be the right one while nothing is proved.
  @Test
  void destroysWhatAnotherHasReplacedWhenTheSetUpsHaveEnded() {
    var first = ordered("k1", "acme.test");
    giveZoneAccess(first, "setup/again/zone");
    giveZoneAccess(first, "setup/k1/zone"); // the first one was right after all
    var beside = ordered("k2", "beside.test");
    giveZoneAccess(beside, "setup/right/zone");

    cancelled(first);
    assertThat(left()).containsExactly("setup/k1/zone", "setup/k2/zone", "setup/right/zone");

    cancelled(beside);
    assertThat(left()).containsExactly("setup/k1/zone", "setup/right/zone");
    assertThat(spent(first)).isEmpty();
    assertThat(spent(beside)).isEmpty();
  }

  private void giveZoneAccess(Setup setup, String path) {
    var reference = secrets.putIfAbsent(tenant.id(), path, Map.of("secret", path));
    run(() -> stores.domains().correctZoneKey(setup.domain(), Map.of(), reference));
  }

  /// One server for all of them: the first one's. Nobody waits for the tenant's login any more.
  private Setup ordered(String key, String domain) {
    var wanted = Samples.newSetup(tenant.workspace(), key, domain, "192.0.2.10");
    secrets.putIfAbsent(
        tenant.id(),
        wanted.domain().zoneSecret().orElseThrow().path(),
        Map.of("secret", "of " + domain));
    return stores
        .tenancy()
        .as(
            tenant.id(),
            () -> {
              stores.setups().request(wanted);
              stores.setups().recordStarted(wanted.id());
              var setup = stores.setups().get(wanted.id());
              stores.servers().forgetFirstLogin(setup.server());
              return setup;
            });
  }

  /// Two logins and a key, beside the access to its zone.
  private Setup withSecrets(Setup setup) {
    secrets.putIfAbsent(tenant.id(), DKIM.path(), Map.of("pem", "of " + setup.domainName()));
    run(() -> stores.dkimKeys().insertOrFind(setup.domain(), "pm1", DKIM, "AAAA"));
    stores
        .tenancy()
        .reading(tenant.id(), () -> stores.mailboxes().ofDomain(setup.domain()))
        .forEach(mailbox -> {
          var login =
              secrets.putIfAbsent(
                  tenant.id(), "mailbox/" + mailbox.id(), Map.of("password", "random"));
          run(() -> stores.mailboxes().recordLogin(mailbox.id(), login, 1));
        });
    return setup;
  }

  private void withdraw(Setup setup) {
    run(() -> {
      stores.domains().withdraw(setup.domain());
      stores.mailboxes().retireAll(setup.domain());
    });
  }

  private void retireServer(Setup setup) {
    run(() -> {
      stores.servers().retire(setup.server());
      stores.certificates().retire(setup.certificate());
    });
  }

  private DnsRecord ours(Setup setup) {
    var record =
        new DnsRecord(
            RecordName.of("mail", setup.domainName()), DnsRecord.Type.A, "192.0.2.10", 300);
    run(() -> {
      stores.records().want(setup.domain(), List.of(record));
      stores.records().markOurs(setup.domain(), record);
    });
    return record;
  }

  private void withdrawn(Setup setup, DnsRecord record) {
    run(() -> stores.records().report(setup.domain(), record, RecordState.State.WITHDRAWN, ""));
  }

  private void cancelled(Setup setup) {
    activities.enter(new EnterStage(tenant.id(), setup.id(), Stage.CANCELLED));
  }

  private Setup.State state(Setup setup) {
    return stores.tenancy().reading(tenant.id(), () -> stores.setups().get(setup.id())).state();
  }

  private List<String> causes(Setup setup) {
    return stores
        .tenancy()
        .reading(tenant.id(), () -> stores.incidents().openOf(setup.id()))
        .stream()
        .map(incident -> incident.cause())
        .toList();
  }

  private List<?> spent(Setup setup) {
    return stores.tenancy().reading(tenant.id(), () -> stores.spentSecrets().after(setup));
  }

  /// Paths of what the store still holds.
  private List<String> left() {
    return JdbcClient.create(postgres.owner())
        .sql("SELECT path FROM secret WHERE destroyed_at IS NULL ORDER BY path")
        .query((row, _) -> row.getString("path"))
        .list();
  }

  private void run(Runnable work) {
    stores.tenancy().run(tenant.id(), work);
  }

  /// A store that is sealed in the middle.
  private static final class ClosableStore implements SecretStore {
    private final SecretStore store;
    private int destroysLeft = Integer.MAX_VALUE;

    ClosableStore(SecretStore store) {
      this.store = store;
    }

    void closeAfter(int destroys) {
      destroysLeft = destroys;
    }

    void open() {
      destroysLeft = Integer.MAX_VALUE;
    }

    @Override
    public SecretRef putIfAbsent(TenantId tenant, String path, Map<String, String> fields) {
      return store.putIfAbsent(tenant, path, fields);
    }

    @Override
    public SecretRef put(TenantId tenant, String path, Map<String, String> fields) {
      return store.put(tenant, path, fields);
    }

    @Override
    public Map<String, String> get(TenantId tenant, SecretRef reference) {
      return store.get(tenant, reference);
    }

    @Override
    public void destroy(TenantId tenant, SecretRef reference) {
      if (destroysLeft == 0) {
        throw new Unavailable(Cause.SECRET_STORE_UNAVAILABLE, "Vault is sealed");
      }
      destroysLeft--;
      store.destroy(tenant, reference);
    }
  }
}
