package com.penguinmails.worker;

import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.secret.embedded.EmbeddedSecretStore;
import com.penguinmails.ports.secret.vault.VaultSecretStore;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The database, as `penguin_app` and in a small pool of its own as `penguin_sweep`; the secret
/// store on top.
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {
  @Bean
  Tenancy tenancy(DataSource appPool) {
    return new Tenancy(appPool);
  }

  @Bean
  Stores stores(Tenancy tenancy) {
    return Stores.on(tenancy);
  }

  @Bean
  SweepStore sweepStore(WorkerSettings settings) {
    return new SweepStore(sweepPool(settings.sweepPool()));
  }

  @Bean
  SecretStore secretStore(
      Tenancy tenancy,
      WorkerSettings settings,
      SecretSettings secret,
      @Value("${penguin.installation.kind:live}") String installation) {
    return switch (secret.store()) {
      case EMBEDDED ->
          new EmbeddedSecretStore(
              tenancy, new SecretRows(tenancy), KeyFile.open(settings.keys().master()));
      case VAULT ->
          new VaultSecretStore(
              secret.vault("test".equalsIgnoreCase(installation)), Clock.systemUTC());
    };
  }

  private static HikariDataSource sweepPool(WorkerSettings.SweepPool pool) {
    var config = new HikariConfig();
    config.setPoolName("sweep");
    config.setJdbcUrl(pool.url());
    config.setUsername(pool.username());
    config.setPassword(pool.password());
    config.setMaximumPoolSize(2);
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }
}
