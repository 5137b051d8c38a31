package com.penguinmails.worker;

import com.penguinmails.activities.server.VpsProviders;
import com.penguinmails.activities.server.VpsProviders.Seller;
import com.penguinmails.ports.vps.ApiKeyFile;
import com.penguinmails.ports.vps.hostwinds.HostwindsVpsProvider;
import com.penguinmails.workflows.model.Money;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Where servers are bought: one bean per seller, there when its access is configured.
@Configuration(proxyBeanMethods = false)
class SellersConfiguration {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Bean
  @ConditionalOnProperty("penguin.worker.vps.hostwinds.key-file")
  Seller hostwinds(WorkerSettings settings, DataSource appPool) {
    var hostwinds = settings.vps().hostwinds();
    var key = ApiKeyFile.open(Path.of(hostwinds.keyFile().orElseThrow()));
    return new Seller(
        HostwindsVpsProvider.at(
            hostwinds.url(),
            key,
            new SharedCallRate(appPool, HostwindsVpsProvider.NAME, hostwinds.callsPerSecond()),
            TIMEOUT),
        settings.vps().image(),
        hostwinds.grace(),
        hostwinds.longGrace(),
        hostwinds.builtWithin(),
        Money.parse(hostwinds.addressChange(), "USD"));
  }

  @Bean
  VpsProviders vpsProviders(WorkerSettings settings, ObjectProvider<Seller> sellers) {
    var all = sellers.stream().toList();
    if (!all.isEmpty() && settings.vps().installation().isEmpty()) {
      throw new IllegalStateException(
          "penguin.worker.vps.installation is needed where servers are bought: the API's"
              + " penguin.installation.id");
    }
    return new VpsProviders(settings.vps().installation().orElse(""), all);
  }
}
