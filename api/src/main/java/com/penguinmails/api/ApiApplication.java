package com.penguinmails.api;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// The HTTP side of the orchestrator: takes orders, shows progress, decides nothing.
@SpringBootApplication
@ConfigurationPropertiesScan
public class ApiApplication {
  public static void main(String[] arguments) {
    builder().run(arguments);
  }

  /// The application with its own settings file, `api.yaml`, so that several can share a class
  /// path.
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(ApiApplication.class).properties("spring.config.name=api");
  }
}
