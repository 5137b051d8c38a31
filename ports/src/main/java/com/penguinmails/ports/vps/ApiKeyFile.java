package com.penguinmails.ports.vps;

import com.penguinmails.ports.secret.OwnerOnly;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/// The key to a seller's API, in a file that its owner alone may read (0600 or 0400). Read at each
/// call, so that staff renew the key by renewing the file.
public final class ApiKeyFile implements Supplier<String> {
  private static final int LONGEST = 4096;

  private final Path path;

  private ApiKeyFile(Path path) {
    this.path = path;
  }

  /// The file at this path.
  ///
  /// @throws IllegalStateException missing, readable by others, or empty: a start without the key
  ///   is refused at once
  public static ApiKeyFile open(Path path) {
    var file = new ApiKeyFile(path);
    try {
      var _ = file.get();
    } catch (Refused refused) {
      throw new IllegalStateException("%s (%s)".formatted(refused.getMessage(), path), refused);
    }
    return file;
  }

  /// The key as the file has it now.
  ///
  /// @throws Refused as a login: missing, readable by others, or empty; nobody was called
  @Override
  public String get() {
    try {
      var looser = OwnerOnly.looser(Files.getPosixFilePermissions(path));
      if (looser.isPresent()) {
        throw refused(
            "has mode %s and may be read by others; run chmod 600 on it, and make another key"
                .formatted(looser.get()));
      }
      var key = Files.readString(path).strip();
      if (key.isEmpty() || key.length() > LONGEST) {
        throw refused("holds no key");
      }
      return key;
    } catch (IOException e) {
      throw refused("cannot be read (%s)".formatted(e.getClass().getSimpleName()));
    }
  }

  /// Tenants read it too: where the file lies is not theirs to know.
  private Refused refused(String why) {
    return new Refused(
        FailureType.LOGIN_REFUSED,
        "the file with the seller's API key, %s, %s".formatted(path.getFileName(), why));
  }
}
