package com.penguinmails.sandbox.toyseller;

import com.penguinmails.activities.server.VpsProviders.Seller;
import com.penguinmails.ports.vps.ApiKeyFile;
import com.penguinmails.workflows.model.Money;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What would stand in `SellersConfiguration`, were it one of the product's.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ToySettings.class)
class ToySellerConfiguration {
  @Bean
  @ConditionalOnProperty("toy-seller.key-file")
  Seller toy(ToySettings settings) {
    var key = ApiKeyFile.open(Path.of(settings.keyFile().orElseThrow()));
    return new Seller(
        new ToyVpsProvider(settings.url(), key),
        "Debian 12",
        settings.grace(),
        settings.longGrace(),
        settings.builtWithin(),
        Money.parse(settings.addressChange(), "USD"));
  }
}
