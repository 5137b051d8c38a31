package com.penguinmails.api.codec;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Lets the Temporal Web UI, and no other page, read the codec endpoint's answers.
@Configuration(proxyBeanMethods = false)
class CodecAccess implements WebMvcConfigurer {
  private final CodecSettings settings;

  CodecAccess(CodecSettings settings) {
    this.settings = settings;
  }

  @Override
  public void addCorsMappings(CorsRegistry registry) {
    settings
        .temporalUiOrigin()
        .ifPresent(origin ->
            registry
                .addMapping("/codec/**")
                .allowedOrigins(origin)
                .allowedMethods("POST")
                .allowedHeaders(HttpHeaders.CONTENT_TYPE, HttpHeaders.AUTHORIZATION, "X-Namespace")
                .allowCredentials(true));
  }
}
