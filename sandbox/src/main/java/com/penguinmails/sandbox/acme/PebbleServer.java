package com.penguinmails.sandbox.acme;

import com.penguinmails.ports.secret.OwnerOnly;
import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.process.LoopbackPort;
import com.penguinmails.sandbox.process.PinnedTool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The real Pebble (Let's Encrypt's test CA) as a process of ours. It keeps everything in memory:
/// after a restart accounts, orders and even its root are others, as with a CA that lost its data.
/// It checks no CAA and has no rate limits.
public final class PebbleServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(20);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Path directory;
  private final InetSocketAddress resolver;
  private final LoopbackIdentity identity = LoopbackIdentity.generate();
  private final int port = LoopbackPort.choose();
  private final int managementPort = LoopbackPort.choose();
  private final HttpClient management =
      HttpClient.newBuilder().sslContext(identity.context()).build();
  private ChildProcess process;

  private PebbleServer(Path directory, InetSocketAddress resolver) {
    this.directory = directory;
    this.resolver = resolver;
    writeConfiguration();
    this.process = launch();
    awaitAnswer();
  }

  /// Starts Pebble on free loopback ports.
  ///
  /// @param directory of its own, for configuration and log
  /// @param resolver the recursive resolver that it asks for challenges
  public static PebbleServer start(Path directory, InetSocketAddress resolver) {
    return new PebbleServer(directory, resolver);
  }

  /// The ACME directory.
  public URI acmeDirectory() {
    return URI.create("https://localhost:" + port + "/dir");
  }

  /// The root to trust at the ACME endpoint, PEM. Stays the same over restarts.
  public String endpointRootPem() {
    return identity.certificatePem();
  }

  /// The root of the certificates it issues now, PEM. Another one after each restart.
  public String issuingRootPem() {
    return fetch("/roots/0").orElseThrow(() -> new IllegalStateException("Pebble is not running"));
  }

  /// Ends the process at once, as a crash does.
  public void kill() {
    process.kill();
  }

  /// Starts again on the same ports, all memory gone.
  public void restart() {
    kill();
    process = launch();
    awaitAnswer();
  }

  @Override
  public void close() {
    kill();
    management.close();
  }

  LoopbackIdentity identity() {
    return identity;
  }

  int port() {
    return port;
  }

  private ChildProcess launch() {
    return ChildProcess.start(
        new ChildProcess.Launch(
            "pebble",
            List.of(
                PinnedTool.PEBBLE.executable().toString(),
                "-config",
                file("pebble.json").toString(),
                "-dnsserver",
                resolver.getAddress().getHostAddress() + ":" + resolver.getPort()),
            Map.of(
                "PEBBLE_VA_NOSLEEP", "1", // else up to 15 s for each validation
                "PEBBLE_AUTHZREUSE", "0"), // percent; every order is to be validated
            directory.toAbsolutePath()));
  }

  private void awaitAnswer() {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (fetch("/roots/0").isEmpty()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        kill();
        throw new IllegalStateException(
            "Pebble does not answer; its last words:%n%s".formatted(process.lastWords(20)));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private Optional<String> fetch(String path) {
    var request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + managementPort + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      var response = management.send(request, BodyHandlers.ofString());
      return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private void writeConfiguration() {
    try {
      Files.createDirectories(directory);
      Files.writeString(file("endpoint.pem"), identity.certificatePem());
      Files.deleteIfExists(file("endpoint.key")); // of an earlier sandbox in the same directory
      Files.writeString(
          Files.createFile(file("endpoint.key"), OwnerOnly.attribute()), identity.keyPem());
      Files.writeString(
          file("pebble.json"),
          """
          {"pebble": {
            "listenAddress": "127.0.0.1:%d",
            "managementListenAddress": "127.0.0.1:%d",
            "certificate": "%s",
            "privateKey": "%s",
            "httpPort": 5002,
            "tlsPort": 5001,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
            "domainBlocklist": ["blocked-domain.example"],
            "retryAfter": {"authz": 1, "order": 1},
            "keyAlgorithm": "ecdsa",
            "profiles": {"default": {"description": "90 days", "validityPeriod": 7776000}}
          }}
          """
              .formatted(
                  port, managementPort, json(file("endpoint.pem")), json(file("endpoint.key"))));
    } catch (IOException e) {
      throw new UncheckedIOException("configuration of Pebble not written to " + directory, e);
    }
  }

  private Path file(String name) {
    return directory.toAbsolutePath().resolve(name);
  }

  private static String json(Path path) {
    return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
