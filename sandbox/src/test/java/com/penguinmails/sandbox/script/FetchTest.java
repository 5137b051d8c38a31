package com.penguinmails.sandbox.script;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `tools/Fetch.java`, by which a machine without a Go gets one: nothing is unpacked that is not
/// what was pinned.
@Timeout(60)
class FetchTest {
  private static final Path PROGRAM = Path.of("..", "tools", "Fetch.java").toAbsolutePath();
  @TempDir Path directory;
  private Path target = Path.of("");
  private byte[] archive = {};
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    target = Files.createDirectory(directory.resolve("target"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/archive.zip",
        exchange -> {
          exchange.sendResponseHeaders(200, archive.length);
          exchange.getResponseBody().write(archive);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void unpacksWhatLiesBelowTheTop() throws Exception {
    archive = zip("go@1/bin/go");

    assertThat(fetch("archive.zip", sum())).isZero();

    assertThat(target.resolve("bin/go")).hasContent("a program");
  }

  @Test
  void refusesAnArchiveWithAnotherSum() throws Exception {
    archive = zip("go@1/bin/go");

    assertThat(fetch("archive.zip", "0".repeat(64))).isEqualTo(1);

    assertThat(target).isEmptyDirectory();
  }

  @Test
  void refusesWhatIsNotThere() throws Exception {
    assertThat(fetch("nothing.zip", sum())).isEqualTo(1);
  }

  @Test
  void writesNothingOutsideOfItsDirectory() throws Exception {
    archive = zip("go@1/../outside");

    assertThat(fetch("archive.zip", sum())).isEqualTo(1);

    try (var made = Files.list(directory)) {
      assertThat(made).containsExactly(target);
    }
    assertThat(target).isEmptyDirectory();
  }

  private int fetch(String name, String sum) throws IOException, InterruptedException {
    var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(java, PROGRAM.toString(), url, sum, "go@1", target.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String sum() throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
  }

  private static byte[] zip(String name) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write("a program".getBytes(US_ASCII));
      zip.closeEntry();
    }
    assertThat(Files.exists(PROGRAM)).isTrue();
    return bytes.toByteArray();
  }
}
