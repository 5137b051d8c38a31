package com.penguinmails.api;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// The HTTP side of the orchestrator: takes orders, shows progress, decides nothing.
@SpringBootApplication
@ConfigurationPropertiesScan
public class ApiApplication {
  public static void main(String[] arguments) {
    SpringApplication.run(ApiApplication.class, arguments);
  }
}
