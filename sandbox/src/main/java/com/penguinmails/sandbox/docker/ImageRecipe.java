package com.penguinmails.sandbox.docker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an image is made of. Its tag is the hash of all of it, so that one content is built once.
///
/// @param name repository name, such as `penguin-bind`
/// @param packages Debian packages
/// @param files content by absolute path, mode 0644
/// @param commands shell commands run after both
public record ImageRecipe(
    String name, List<String> packages, SortedMap<String, String> files, List<String> commands) {
  /// What each Debian machine of the sandbox starts from: systemd and what a rented VPS has at
  /// least.
  static final List<String> BASE_PACKAGES =
      List.of(
          "ca-certificates",
          "iproute2",
          "openssh-server",
          "procps",
          "sudo",
          "systemd",
          "systemd-sysv");

  public ImageRecipe {
    packages = List.copyOf(packages);
    files = new TreeMap<>(files);
    commands = List.copyOf(commands);
  }

  /// An image on top of the common Debian 12.
  public static ImageRecipe of(String name, List<String> packages, Map<String, String> files) {
    return new ImageRecipe(name, packages, new TreeMap<>(files), List.of());
  }

  String tag() {
    return name + ":" + hash(baseTag() + packages + files + commands);
  }

  static String baseTag() {
    return "penguin-debian12:" + hash("bookworm minbase " + BASE_PACKAGES);
  }

  String dockerfile() {
    var text = new StringBuilder("FROM ").append(baseTag()).append('\n');
    if (!packages.isEmpty()) {
      text.append(
          """
          RUN apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
          --no-install-recommends %s && rm -rf /var/lib/apt/lists/*
          """
              .formatted(String.join(" ", packages)));
    }
    if (!files.isEmpty()) {
      text.append("COPY root/ /\n");
    }
    commands.forEach(command -> text.append("RUN ").append(command).append('\n'));
    return text.append("STOPSIGNAL SIGRTMIN+3\n").toString();
  }

  private static String hash(String content) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
