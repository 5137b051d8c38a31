package com.penguinmails.ports.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  @TempDir private Path directory;

  @Test
  void makesAFileThatOnlyItsOwnerReads() throws Exception {
    var path = directory.resolve("keys/master.key");

    var made = KeyFile.openOrCreate(path);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
        .isEqualTo("rwx------");
    assertThat(KeyFile.open(path).keys().get(made.currentId()))
        .hasSize(32)
        .isEqualTo(made.keys().get(made.currentId()));
    assertThat(path.getParent()).isDirectoryNotContaining(file -> !file.equals(path));
  }

  @Test
  void givesOneKeyToAllThatStartAtOnce() throws Exception {
    var path = directory.resolve("master.key");

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> start = () -> KeyFile.openOrCreate(path).currentId();
      var ids =
          threads.invokeAll(IntStream.range(0, 16).mapToObj(_ -> start).toList()).stream()
              .map(future -> future.resultNow())
              .distinct();
      assertThat(ids).hasSize(1);
    }
  }

  @Test
  void keepsOldKeysWhenRotated() {
    var path = directory.resolve("codec.key");
    var first = KeyFile.openOrCreate(path);

    first.rotate();

    var read = KeyFile.open(path);
    assertThat(read.currentId()).isNotEqualTo(first.currentId());
    assertThat(read.keys()).containsOnlyKeys(first.currentId(), read.currentId());
    assertThat(read.keys().get(first.currentId())).isEqualTo(first.keys().get(first.currentId()));
  }

  @Test
  void refusesAFileThatOthersMayRead() throws Exception {
    var path = directory.resolve("master.key");
    KeyFile.openOrCreate(path);
    for (var mode : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwx------"}) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));

      assertThatThrownBy(() -> KeyFile.openOrCreate(path))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(mode)
          .hasMessageContaining("chmod 600");
    }
  }

  @Test
  void saysWhatIsWrongWithoutShowingAKey() throws IOException {
    var canary =
        Base64.getEncoder().encodeToString("canary-too-short".getBytes(StandardCharsets.UTF_8));

    assertRefuses("key.k1 = " + canary + "\ncurrent = k1\n", "\"key.k1\"");
    assertRefuses("key.k1 = %" + canary + "\ncurrent = k1\n", "\"key.k1\"");
    assertRefuses("current = k1\n", "\"k1\"");
    assertRefuses("curent = k1\n", "\"curent\"");
  }

  @Test
  void saysThatAMissingFileCannotBeReplaced() {
    assertThatThrownBy(() -> KeyFile.open(directory.resolve("gone.key")))
        .hasMessageContaining("gone.key")
        .hasMessageContaining("backup");
  }

  @Test
  void hidesKeysInItsText() {
    var made = KeyFile.openOrCreate(directory.resolve("master.key"));

    assertThat(made.toString())
        .contains(made.currentId())
        .doesNotContain(Base64.getEncoder().encodeToString(made.keys().get(made.currentId())));
  }

  private void assertRefuses(String content, String names) throws IOException {
    var path = directory.resolve("broken.key");
    Files.writeString(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));

    assertThatThrownBy(() -> KeyFile.open(path))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(names)
        .hasMessageNotContaining(content.strip())
        .hasNoCause();
  }
}
