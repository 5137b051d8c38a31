package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// Path and version of a secret in the secret store: the only form in which a secret travels.
/// Written `path#version`; versions count from 1.
public record SecretRef(String path, int version) {
  private static final Pattern PATH = Pattern.compile("[a-z0-9-]+(/[A-Za-z0-9._-]+){1,6}");

  public SecretRef {
    if (!PATH.matcher(path).matches() || version < 1) {
      throw new IllegalArgumentException(
          "not a secret reference: \"" + path + "#" + version + "\"");
    }
  }

  /// Reads the written form.
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static SecretRef parse(String written) {
    int hash = written.lastIndexOf('#');
    if (hash < 0) {
      throw new IllegalArgumentException("not a secret reference: \"" + written + "\"");
    }
    return new SecretRef(written.substring(0, hash), Integer.parseInt(written.substring(hash + 1)));
  }

  @JsonValue
  @Override
  public String toString() {
    return path + "#" + version;
  }
}
