package com.penguinmails.sandbox.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.penguinmails.ports.secret.OwnerOnly;
import com.penguinmails.ports.secret.vault.VaultSettings;
import com.penguinmails.sandbox.acme.LoopbackIdentity;
import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.process.LoopbackPort;
import com.penguinmails.sandbox.process.PinnedTool;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.SecretRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The real Vault as a process of ours, with TLS and its files on disk, initialised with one unseal
/// key and set up as the README says: a KV v2 engine, our policy, an AppRole. What it needs to be
/// opened again stays in this object.
public final class VaultServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final String MOUNT = "penguin";
  private static final String ROLE = "auth/approle/role/penguin";
  private static final int SEALED = 503;
  private static final int ACTIVE = 200;

  private final Path directory;
  private final int port = LoopbackPort.choose();
  private final int clusterPort = LoopbackPort.choose();
  private final LoopbackIdentity identity = LoopbackIdentity.generate();
  private final HttpClient http = HttpClient.newBuilder().sslContext(identity.context()).build();
  private final ObjectMapper json = new ObjectMapper();
  private ChildProcess process;
  private String unsealKey = "";
  private String rootToken = "";
  private String roleId = "";

  private VaultServer(Path directory) {
    this.directory = directory.toAbsolutePath();
    writeConfiguration();
    process = launch();
    try {
      initialise();
    } catch (RuntimeException e) {
      process.kill();
      throw e;
    }
  }

  /// Starts an empty one on free loopback ports, opened and set up.
  ///
  /// @param directory of its own
  public static VaultServer start(Path directory) {
    return new VaultServer(directory);
  }

  public URI address() {
    return URI.create("https://127.0.0.1:" + port);
  }

  /// How the product enters it.
  public VaultSettings settings() {
    return new VaultSettings(
        address(), MOUNT, roleId, secretIdFile(), Optional.of(trustRoots()), false);
  }

  /// Settings of worker and API that keep their secrets here.
  public Map<String, Object> productSettings() {
    var prefix = "penguin.secret.vault.";
    return Map.of(
        "penguin.secret.store",
        "vault",
        prefix + "address",
        address().toString(),
        prefix + "mount",
        MOUNT,
        prefix + "role-id",
        roleId,
        prefix + "secret-id-file",
        secretIdFile().toString(),
        prefix + "trust-roots",
        trustRoots().toString());
  }

  /// Where the secret id lies.
  public Path secretIdFile() {
    return directory.resolve("secret.id");
  }

  /// What its certificate chains to.
  public Path trustRoots() {
    return directory.resolve("endpoint.pem");
  }

  /// What it writes: its logs and its storage.
  public List<Path> places() {
    return List.of(process.log(), audit(), directory.resolve("storage"));
  }

  private Path audit() {
    return directory.resolve("audit.log");
  }

  /// Closes it, as an operator does.
  public void seal() {
    require("PUT", "sys/seal", Map.of());
    awaitHealth(SEALED);
  }

  /// Opens it, as whoever holds the key does.
  public void unseal() {
    require("PUT", "sys/unseal", Map.of("key", unsealKey));
    awaitHealth(ACTIVE);
  }

  /// Ends the process at once, as a crash does.
  public void kill() {
    process.kill();
  }

  /// Starts it again after [#kill]: sealed, as Vault is after each start.
  public void restart() {
    process = launch();
    awaitHealth(SEALED);
  }

  /// How long tokens live from now on.
  ///
  /// @param life of one, unless it is renewed
  /// @param longest of one, however often it is renewed
  public void tokensLive(Duration life, Duration longest) {
    require(
        "POST", ROLE, Map.of("token_ttl", life.toSeconds(), "token_max_ttl", longest.toSeconds()));
  }

  /// Ends every token of our role, as an operator does who fears that one was stolen.
  public void revokeTokens() {
    require("PUT", "sys/leases/revoke-prefix/auth/approle/login", Map.of());
  }

  /// Secrets that the product keeps, all their versions.
  ///
  /// @param place that all paths begin with, and no reference: `tenant/<id>/`
  /// @param path below it; what lies below that is answered too
  public List<SecretRef> kept(String place, String path) {
    var found = new ArrayList<SecretRef>();
    var versions =
        operator("GET", MOUNT + "/metadata/" + place + path).path("data").path("versions");
    versions
        .fieldNames()
        .forEachRemaining(version -> found.add(new SecretRef(path, Integer.parseInt(version, 10))));
    for (var name :
        operator("LIST", MOUNT + "/metadata/" + place + path).path("data").path("keys")) {
      found.addAll(kept(place, path + "/" + name.asText().replaceFirst("/$", "")));
    }
    return List.copyOf(found);
  }

  /// Nothing is there: an empty answer.
  private JsonNode operator(String method, String path) {
    var answer = send(method, path, Map.of());
    if (answer.status() != 200 && answer.status() != 404) {
      throw new OutsideException.Unavailable(
          "Vault answers %d to %s %s".formatted(answer.status(), method, path));
    }
    return answer.body();
  }

  /// How often our role has logged in.
  public long logins() {
    return answered("auth/approle/login");
  }

  /// How often a token was renewed.
  public long renewals() {
    return answered("auth/token/renew-self");
  }

  private long answered(String path) {
    try (var lines = Files.lines(audit())) {
      return lines
          .filter(line -> line.contains("\"type\":\"response\""))
          .filter(
              line -> line.contains("\"path\":\"" + path + "\"") && !line.contains("\"error\":"))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes our secret ids worthless.
  public void forgetSecretIds() {
    require("DELETE", ROLE, Map.of());
    makeRole();
  }

  /// Makes a new secret id and puts it where the product reads it.
  public void giveSecretId() {
    var made = require("POST", ROLE + "/secret-id", Map.of());
    write(secretIdFile(), made.path("data").path("secret_id").asText() + "\n");
  }

  /// Changes what our role may do.
  ///
  /// @param rules in Vault's language
  public void allow(String rules) {
    require("PUT", "sys/policies/acl/penguin", Map.of("policy", rules));
  }

  /// What the product's documentation allows our role.
  public static String usualPolicy() {
    try (var file = VaultSettings.class.getResourceAsStream("/vault/policy.hcl")) {
      return new String(
          Objects.requireNonNull(file, "vault/policy.hcl").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Anything an operator may ask.
  public JsonNode require(String method, String path, Map<String, ?> body) {
    var answer = send(method, path, body);
    if (answer.status() >= 300) {
      throw new IllegalStateException(
          "Vault answers %d to %s %s".formatted(answer.status(), method, path));
    }
    return answer.body();
  }

  @Override
  public void close() {
    process.close();
    http.close();
  }

  private void initialise() {
    awaitHealth(501); // not initialised
    var made = require("PUT", "sys/init", Map.of("secret_shares", 1, "secret_threshold", 1));
    unsealKey = made.path("keys_base64").path(0).asText();
    rootToken = made.path("root_token").asText();
    unseal();
    require("POST", "sys/mounts/" + MOUNT, Map.of("type", "kv", "options", Map.of("version", "2")));
    // A new engine says 400 until it has made itself ready.
    until(() -> send("GET", MOUNT + "/config", Map.of()).status() == 200, "the KV engine");
    require("POST", MOUNT + "/config", Map.of("max_versions", 1000, "cas_required", true));
    require(
        "PUT",
        "sys/audit/file",
        Map.of("type", "file", "options", Map.of("file_path", audit().toString())));
    require("POST", "sys/auth/approle", Map.of("type", "approle"));
    allow(usualPolicy());
    makeRole();
    giveSecretId();
  }

  private void makeRole() {
    require(
        "POST",
        ROLE,
        Map.of("token_policies", "penguin", "token_ttl", 1200, "token_max_ttl", 14400));
    roleId = require("GET", ROLE + "/role-id", Map.of()).path("data").path("role_id").asText();
  }

  private ChildProcess launch() {
    return ChildProcess.start(
        new ChildProcess.Launch(
            "vault",
            List.of(
                PinnedTool.VAULT.executable().toString(),
                "server",
                "-config",
                directory.resolve("vault.hcl").toString()),
            directory));
  }

  private void writeConfiguration() {
    try {
      Files.createDirectories(directory.resolve("storage"));
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be made", e);
    }
    write(trustRoots(), identity.certificatePem());
    write(directory.resolve("endpoint.key"), identity.keyPem());
    write(
        directory.resolve("vault.hcl"),
        """
        storage "raft" {
          path    = "%s"
          node_id = "sandbox"
        }
        listener "tcp" {
          address         = "127.0.0.1:%d"
          cluster_address = "127.0.0.1:%d"
          tls_cert_file   = "%s"
          tls_key_file    = "%s"
        }
        api_addr      = "%s"
        cluster_addr  = "https://127.0.0.1:%d"
        disable_mlock = true
        """
            .formatted(
                directory.resolve("storage"),
                port,
                clusterPort,
                trustRoots(),
                directory.resolve("endpoint.key"),
                address(),
                clusterPort));
  }

  private static void write(Path file, String text) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(file, OwnerOnly.attribute());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  private void awaitHealth(int status) {
    until(() -> send("GET", "sys/health", Map.of()).status() == status, "health " + status);
  }

  private void until(BooleanSupplier isSo, String what) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isSo.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "Vault does not come to %s; its last words:%n%s"
                .formatted(what, process.lastWords(20)));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  /// Status 0: no answer.
  private Answer send(String method, String path, Map<String, ?> body) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(address() + "/v1/" + path))
              .timeout(Duration.ofSeconds(20))
              .header("X-Vault-Token", rootToken.isEmpty() ? "none" : rootToken)
              .method(
                  method,
                  body.isEmpty()
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(json.writeValueAsString(body)))
              .build();
      var response = http.send(request, BodyHandlers.ofString());
      var text = response.body();
      return new Answer(
          response.statusCode(), text.isBlank() ? MissingNode.getInstance() : json.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Vault's answer to " + path + " is no JSON", e);
    } catch (IOException e) {
      return new Answer(0, MissingNode.getInstance());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Vault was asked", e);
    }
  }

  private record Answer(int status, JsonNode body) {}
}
