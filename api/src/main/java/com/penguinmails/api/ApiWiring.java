package com.penguinmails.api;

import com.penguinmails.api.codec.CodecSettings;
import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.secret.embedded.EmbeddedSecretStore;
import com.penguinmails.ports.secret.vault.VaultSecretStore;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.setup.ProgressFeed;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.temporal.codec.AesGcmPayloadCodec;
import com.penguinmails.workflows.temporal.codec.CodecKeys;
import io.temporal.payload.codec.PayloadCodec;
import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Store, keys and codec for the API.
@Configuration(proxyBeanMethods = false)
class ApiWiring {
  @Bean
  Tenancy tenancy(DataSource pool) {
    return new Tenancy(pool);
  }

  @Bean
  TenantStore tenantStore(Tenancy tenancy) {
    return new TenantStore(tenancy);
  }

  /// Listens on a connection of its own: a pooled one would be missing for good.
  @Bean
  ProgressFeed progressFeed(DataSourceProperties database) {
    var source = new DriverManagerDataSource(database.determineUrl());
    source.setUsername(database.determineUsername());
    source.setPassword(database.determinePassword());
    return new ProgressFeed(source);
  }

  /// The embedded store's master key is made by `penguin`, never here: a lost one must not be
  /// replaced silently.
  @Bean
  @ConditionalOnMissingBean
  SecretStore secretStore(
      Tenancy tenancy, SecretSettings settings, InstallationSettings installation) {
    return switch (settings.store()) {
      case EMBEDDED ->
          new EmbeddedSecretStore(
              tenancy, new SecretRows(tenancy), KeyFile.open(Path.of(settings.masterKeyFile())));
      case VAULT -> new VaultSecretStore(settings.vault(installation.isTest()), Clock.systemUTC());
    };
  }

  @Bean
  @ConditionalOnMissingBean
  CodecKeys codecKeys(CodecSettings settings) {
    var file = KeyFile.open(Path.of(settings.keyFile()));
    return CodecKeys.of(file.currentId(), file.keys());
  }

  @Bean
  PayloadCodec payloadCodec(CodecKeys keys) {
    return new AesGcmPayloadCodec(keys);
  }
}
