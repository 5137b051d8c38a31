package com.penguinmails.sandbox.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where what can be made again is kept between starts and checkouts: `penguin` below
/// `XDG_CACHE_HOME`, by default `~/.cache` (XDG Base Directory Specification). Belongs to the user
/// alone, unlike a directory below `/tmp`.
public final class UserCache {
  private UserCache() {}

  /// A directory of the cache, made when it is not there.
  public static Path directory(String name) {
    try {
      return Files.createDirectories(root().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("the cache " + root() + " cannot be written", e);
    }
  }

  /// The cache itself, whether it is there or not.
  public static Path root() {
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .filter(value -> !value.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
        .resolve("penguin");
  }
}
