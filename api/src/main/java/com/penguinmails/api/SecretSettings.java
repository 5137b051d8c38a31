package com.penguinmails.api;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The embedded secret store.
///
/// @param masterKeyFile readable by its owner only; the same file as the worker's
@ConfigurationProperties(prefix = "penguin.secret", ignoreUnknownFields = false)
public record SecretSettings(@DefaultValue("/etc/penguin/master.keys") String masterKeyFile) {}
