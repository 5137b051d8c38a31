package com.penguinmails.sandbox.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.host.SshKeyPair;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.sandbox.secret.Place.Found;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.codec.CodecKeys;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Every secret of a whole set-up is looked for wherever others could read it, and found nowhere.
/// One more, the canary, is put into each of those places on purpose: a search that does not find
/// it there proves nothing.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(900)
class SecretsIT {
  private static final String CANARY_NAME = "canary";
  private static final String CANARY = random();
  private static final DomainName DOMAIN = new DomainName("secrets.test");

  private final List<Secret> secrets = new ArrayList<>();
  private Path directory;
  private CapturedLog log;
  private TestedProduct tested;
  private SandboxWorld world;
  private Answers answers;
  private DockerHost host;
  private String processes = "";
  private SecretSearch search;

  @BeforeAll
  void setUp(@TempDir Path place) {
    directory = place.resolve("world");
    log = new CapturedLog(place.resolve("product.log"));
    tested = TestedProduct.start(directory);
    world = tested.world();
    answers = new Answers(world.recall("tenant.key"));

    var request = DemoTenant.of(world).request(DOMAIN, 0);
    host = world.host(0, DOMAIN.child("mail"));
    var watch = new HostWatch(host.container());
    var setup = ordered("secrets", request);
    secrets.add(Secret.of("zone key", text(request, "dns", "secret")));
    contactWithAKey();
    contactWithACorrectedPassword();
    contactWithABoughtServer();
    setup.untilState("DONE");

    plant();
    processes = watch.processes();
    askEverything(setup.id());
    collectSecrets();
    search = new SecretSearch(secrets);
  }

  @AfterAll
  void stop() {
    tested.close();
    log.close();
  }

  @Test
  void knowsEverySecretOfASetup() {
    assertThat(secrets)
        .extracting(Secret::name)
        .contains(
            "password.host",
            "tenant's SSH key",
            "mistyped password",
            "corrected password",
            "bought server's password",
            "password.hostwinds",
            "server login pem",
            "domain dkim pem",
            "mailbox login password",
            "mailbox login hash",
            "tenant.key",
            "zone key",
            "certificate key pem",
            "acme account pem",
            "codec key",
            "master key",
            "password.app",
            "password.owner",
            "password.probe",
            CANARY_NAME);
  }

  @Test
  void noneIsInAHistoryNotEvenDecoded() {
    var histories = new Histories(worker(WorkflowClient.class), worker(CodecKeys.class));

    assertFoundIsTheCanaryAlone(histories.stored());
    assertFoundIsTheCanaryAlone(histories.decoded());
  }

  @Test
  void noneIsInTemporalsFiles() {
    assertFoundIsTheCanaryAlone(filesBelow(directory.resolve("temporal")));
  }

  @Test
  void noneIsInPostgresFilesNorInARow() {
    var database = JdbcClient.create(world.database().superuser("penguin"));
    database.sql("CHECKPOINT").update();
    // Long values are compressed in the files.
    var rows =
        database
            .sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            .query(String.class)
            .list()
            .stream()
            .map(table ->
                Place.of(
                    "rows of " + table,
                    String.join(
                        "\n",
                        database
                            .sql("SELECT t::text FROM \"" + table + "\" t")
                            .query(String.class)
                            .list())))
            .toList();

    assertFoundIsTheCanaryAlone(filesBelow(directory.resolve("postgres")));
    assertFoundIsTheCanaryAlone(rows);
  }

  @Test
  void noneIsInALog() throws IOException {
    var places = new ArrayList<Place>();
    places.add(new Place("log of worker and API", Files.readAllBytes(log.file())));
    places.addAll(
        filesBelow(directory.resolve("pebble")).stream()
            .filter(place -> place.name().endsWith(".log"))
            .toList());
    world.engine().containers(world.network().instance()).stream()
        .filter(container -> container.name().contains("-dns-"))
        .forEach(server -> places.add(Place.of(server.name(), server.log())));
    places.add(Place.of("output of the host", host.container().log()));
    places.add(Place.of("journal of the host", new HostWatch(host.container()).journal()));

    assertFoundIsTheCanaryAlone(places);
  }

  @Test
  void noneIsInAProcessListOfTheHost() {
    assertThat(processes).contains("rounds=");

    assertFoundIsTheCanaryAlone(List.of(Place.of("processes of the host", processes)));
  }

  @Test
  void noneIsInAnAnswer() {
    assertFoundIsTheCanaryAlone(answers.places());
  }

  /// A host needs its own keys; whoever is not meant to cannot read them.
  @Test
  void noneIsInAFileOfTheHostThatOthersCanRead() {
    var readable =
        new HostWatch(host.container())
            .files().stream().filter(file -> (file.mode() & 0007) != 0).toList();
    var all = new HostWatch(host.container()).files();

    assertThat(Place.search(search, all.stream().map(HostWatch.HostFile::asPlace).toList()))
        .as("its own keys are there")
        .extracting(Found::secret)
        .contains("domain dkim pem", "certificate key pem", "mailbox login hash")
        .doesNotContain("mailbox login password", "server login pem", "acme account pem");
    assertFoundIsTheCanaryAlone(readable.stream().map(HostWatch.HostFile::asPlace).toList());
  }

  private void assertFoundIsTheCanaryAlone(List<Place> places) {
    var found = Place.search(search, places);

    assertThat(found).as("the search works").extracting(Found::secret).contains(CANARY_NAME);
    assertThat(found)
        .allSatisfy(
            one -> assertThat(one.secret()).as("in %s", one.place()).isEqualTo(CANARY_NAME));
  }

  /// The other first login: a key. Its set-up ends as soon as the key has been used.
  private void contactWithAKey() {
    var key = SshKeyPair.generate("tenant");
    secrets.add(Secret.of("tenant's SSH key", key.privateKeyPem()));
    var domain = new DomainName("by-key.test");
    var request = new HashMap<>(DemoTenant.of(world).request(domain, 1));
    var other = world.host(1, domain.child("mail"));
    var added =
        other
            .container()
            .exec(
                List.of(
                    "sh",
                    "-c",
                    "install -d -m 0700 /root/.ssh && cat >> /root/.ssh/authorized_keys"),
                key.publicKeyLine() + "\n",
                Duration.ofSeconds(20));
    assertThat(added.exitCode()).isZero();
    request.put(
        "server", Map.of("address", other.address().value(), "privateKey", key.privateKeyPem()));
    cancelOnceContacted(ordered("by-key", request));
  }

  /// A first password that is refused, and the right one given with the tenant's retry.
  private void contactWithACorrectedPassword() {
    var mistyped = random();
    var corrected = random();
    secrets.add(Secret.of("mistyped password", mistyped));
    secrets.add(Secret.of("corrected password", corrected));
    var domain = new DomainName("by-retry.test");
    var request = new HashMap<>(DemoTenant.of(world).request(domain, 2));
    var other = world.host(2, domain.child("mail"));
    var changed =
        other
            .container()
            .exec(List.of("chpasswd"), "root:" + corrected + "\n", Duration.ofSeconds(20));
    assertThat(changed.exitCode()).as(changed.standardError()).isZero();
    request.put("server", Map.of("address", other.address().value(), "password", mistyped));
    var setup = ordered("by-retry", request);
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> setup.causes().contains(Cause.HOST_LOGIN_REFUSED.name()));
    answers.get(world.apiUrl().resolve("/api/v1/setups/" + setup.id()));
    answers.post(
        world.apiUrl().resolve("/api/v1/setups/" + setup.id() + "/retry"),
        "corrected",
        Map.of("server", Map.of("password", corrected)));
    cancelOnceContacted(setup);
  }

  /// A server that is bought: its seller shows the root password to whoever has the API key.
  private void contactWithABoughtServer() {
    var setup = ordered("by-purchase", DemoTenant.of(world).purchase(new DomainName("buy.test")));
    cancelOnceContacted(setup);
    var password = world.hostwinds().rootPasswords().getFirst();
    secrets.add(Secret.of("bought server's password", password));
    answers.get(world.apiUrl().resolve("/api/v1/setups/" + setup.id()));
  }

  private static void cancelOnceContacted(TenantSetup setup) {
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> setup.step("server/contact").path("state").asText().equals("DONE"));
    setup.cancel();
    setup.untilState("CANCELLED");
  }

  private void plant() {
    secrets.add(Secret.of(CANARY_NAME, CANARY));
    LoggerFactory.getLogger(SecretsIT.class).info("On purpose: {}", CANARY);
    var database = JdbcClient.create(world.database().superuser("penguin"));
    database.sql("CREATE TABLE planted (value text)").update();
    database.sql("INSERT INTO planted VALUES (:value)").param("value", CANARY).update();
    var inClear =
        WorkflowClient.newInstance(
            worker(WorkflowClient.class).getWorkflowServiceStubs(),
            WorkflowClientOptions.newBuilder()
                .setNamespace(worker(WorkflowClient.class).getOptions().getNamespace())
                .setDataConverter(PenguinDataConverter.clear())
                .build());
    inClear
        .newUntypedWorkflowStub(
            "Planted",
            WorkflowOptions.newBuilder()
                .setTaskQueue(TaskQueues.DECISIONS + "-nobody")
                .setWorkflowId("planted")
                .build())
        .start(CANARY);
    var planted =
        host.container()
            .exec(
                "sh",
                "-c",
                "echo \"$1\" > /etc/planted && chmod 0644 /etc/planted && echo \"$1\" | systemd-cat && sleep 1",
                "sh",
                CANARY);
    assertThat(planted.exitCode()).as(planted.standardError()).isZero();
  }

  private void askEverything(String setup) {
    var api = world.apiUrl();
    var one = "/api/v1/setups/" + setup;
    answers.get(api.resolve(one));
    answers.get(api.resolve("/api/v1/setups"));
    answers.get(api.resolve("/api/openapi"));
    answers.get(URI.create(tested.client().viewLink(setup)));
    answers.post(api.resolve(one + "/retry"), "again", "");
    answers.post(api.resolve("/api/v1/setups"), "broken", "{\"server\": {\"password\": \"x\"}}");
    answers.post(api.resolve("/codec/decode"), "none", "{}");
    answers.get(api.resolve("/api/v1/" + CANARY)); // a problem names the path
    answers.actuator(
        URI.create("http://127.0.0.1:" + world.apiProperties().get("management.server.port")));
    answers.actuator(URI.create("http://127.0.0.1:" + world.workerProperties().get("server.port")));
    var anonymous = new Answers(Optional.empty());
    anonymous.get(api.resolve(one));
    answers.keep(anonymous.places());
    var events = new StringBuilder();
    tested
        .client()
        .follow(
            setup,
            (name, data) -> {
              events.append(name).append(' ').append(data).append('\n');
              return false; // the set-up is done: the snapshot is all there is
            });
    assertThat(events).isNotEmpty();
    answers.keep(List.of(Place.of("events", events.toString())));
  }

  private void collectSecrets() {
    secrets.addAll(Canaries.ofWorldFile(directory.resolve("world.properties")));
    secrets.addAll(Canaries.ofKeyFile("codec key", directory.resolve("keys/codec.keys")));
    secrets.addAll(Canaries.ofKeyFile("master key", directory.resolve("keys/master.keys")));
    secrets.addAll(Canaries.ofStore(world.database(), worker(SecretStore.class)));
  }

  private static List<Place> filesBelow(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      var places = new ArrayList<Place>();
      for (var file : files.filter(Files::isRegularFile).toList()) {
        try {
          places.add(new Place(directory.relativize(file).toString(), Files.readAllBytes(file)));
        } catch (NoSuchFileException gone) {
          // The server has just removed it.
        }
      }
      return places;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private <T> T worker(Class<T> type) {
    return tested.product().worker().getBean(type);
  }

  private TenantSetup ordered(String key, Map<String, ?> request) {
    var answer = answers.post(world.apiUrl().resolve("/api/v1/setups"), key, request);
    return new TenantSetup(tested.client(), Answers.read(answer).path("id").asText());
  }

  private static String text(Map<String, ?> request, String object, String field) {
    return String.valueOf(((Map<?, ?>) Objects.requireNonNull(request.get(object))).get(field));
  }

  private static String random() {
    var bytes = new byte[20];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
