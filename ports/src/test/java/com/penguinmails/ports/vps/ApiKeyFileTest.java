package com.penguinmails.ports.vps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is wrong with the file stops a start; later it is a login that is refused, until the
/// file is right again.
class ApiKeyFileTest {
  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void aFileOfItsOwner() throws IOException {
    path = directory.resolve("seller.key");
    write("first\n");
    mode("rw-------");
  }

  private void write(String text) throws IOException {
    Files.writeString(path, text);
  }

  private void mode(String letters) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(letters));
  }

  @Test
  void hasAnotherKeyAsSoonAsItIsWritten() throws IOException {
    var file = ApiKeyFile.open(path);
    assertThat(file.get()).isEqualTo("first");

    write("second");

    assertThat(file.get()).isEqualTo("second");
  }

  @Test
  void refusesWhatOthersMayRead() throws IOException {
    var file = ApiKeyFile.open(path);

    mode("rw-r-----");

    refuses(file, "chmod 600");
    mode("r--------");
    assertThat(file.get()).isEqualTo("first");
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    var file = ApiKeyFile.open(path);

    write(" \n");

    refuses(file, "holds no key");
  }

  @Test
  void refusesAMissingFile() throws IOException {
    var file = ApiKeyFile.open(path);

    Files.delete(path);

    refuses(file, "cannot be read (NoSuchFileException)");
  }

  @Test
  void doesNotShowWhatItHolds() throws IOException {
    write("k".repeat(5000));

    assertThatThrownBy(() -> ApiKeyFile.open(path)).message().doesNotContain("kkk");
  }

  private void refuses(ApiKeyFile known, String why) {
    assertThatThrownBy(known::get)
        .isInstanceOfSatisfying(
            Refused.class, no -> assertThat(no.type()).isEqualTo(FailureType.LOGIN_REFUSED))
        .hasMessageContaining("seller.key")
        .hasMessageContaining(why)
        .message()
        .doesNotContain(directory.toString());
    assertThatThrownBy(() -> ApiKeyFile.open(path))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(why);
  }
}
