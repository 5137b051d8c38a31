package com.penguinmails.sandbox.acme;

import com.penguinmails.ports.acme.CertificateAuthority.Challenge;
import com.penguinmails.sandbox.process.LoopbackPort;
import com.penguinmails.sandbox.process.PinnedTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/// pebble-challtestsrv: a DNS server whose TXT records are set over HTTP. It answers for every
/// name.
final class ChallengeTestServer implements AutoCloseable {
  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int dnsPort = LoopbackPort.choose();
  private final int managementPort = LoopbackPort.choose();

  ChallengeTestServer(Path directory) throws IOException {
    var command =
        new ProcessBuilder(
            PinnedTool.PEBBLE.executable("pebble-challtestsrv").toString(),
            "-http01=",
            "-https01=",
            "-tlsalpn01=",
            "-doh=",
            "-dnsserver=127.0.0.1:" + dnsPort,
            "-management=127.0.0.1:" + managementPort);
    command.redirectErrorStream(true);
    command.redirectOutput(directory.resolve("challtestsrv.log").toFile());
    process = command.start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> post("/clear-request-history", "{}") > 0);
  }

  InetSocketAddress resolver() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), dnsPort);
  }

  /// Adds a value beside those that are there.
  void addTxt(Challenge challenge) {
    var body = "{\"host\":\"%s.\",\"value\":\"%s\"}".formatted(challenge.name(), challenge.value());
    try {
      int status = post("/set-txt", body);
      if (status != 200) {
        throw new IllegalStateException("challtestsrv answered " + status);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("challtestsrv does not answer", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    client.close();
  }

  private int post(String path, String body) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + managementPort + path);
    return client
        .send(
            HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
            BodyHandlers.discarding())
        .statusCode();
  }
}
