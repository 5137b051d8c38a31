package com.penguinmails.ports.vps.hostwinds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.vps.CallRate;
import com.penguinmails.ports.vps.Vps;
import com.penguinmails.ports.vps.VpsProvider.Power;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ProviderServerId;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every form in which the API is known to answer, word by word, and what is sent to it. What it
/// does is the simulation's affair.
@Timeout(60)
class HostwindsAnswersTest {
  private static final ProviderServerId SERVER = new ProviderServerId("700100");
  private static final String INSTANCE =
      """
      {"serviceid": "700100", "srvrname": "mail", "status": "%s", "is_suspended": "%s", "cpu": "1",
       "ram": "1 GB", "disk": "30", "location_id": "1", "main_ip": "192.0.2.10",
       "created_at": "2026-01-02 03:04:05", "password": "s3cret", "configkey": "k3y"}
      """;

  private final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();
  private final List<Long> arrivals = new CopyOnWriteArrayList<>();
  private volatile String answer = "{}";
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext("/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void isNotCalledWhileItIsNobodysTurn() {
    var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api.php");
    var full =
        HostwindsVpsProvider.at(
            url,
            () -> "key",
            () -> {
              throw new RateLimited("too many are waiting", Duration.ofSeconds(30));
            },
            Duration.ofSeconds(20));

    assertThatThrownBy(full::plans).isInstanceOf(RateLimited.class);
    assertThat(forms).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "[%s]", "{\"success\": %s}", "{\"success\": [%s]}"})
  void readsAServerInEveryEnvelope(String envelope) {
    answer = envelope.formatted(INSTANCE.formatted("ACTIVE", "0"));

    var vps = hostwinds(1000).get(SERVER);

    assertThat(vps.id()).isEqualTo(SERVER);
    assertThat(vps.state()).isEqualTo(Vps.State.ACTIVE);
    assertThat(vps.toString()).doesNotContain("s3cret", "k3y");
  }

  @ParameterizedTest
  @CsvSource({
    "active,0,ACTIVE",
    "Active,0,ACTIVE",
    "ACTIVE,1,SUSPENDED",
    "suspended,0,SUSPENDED",
    "error,0,FAILED",
    "RESIZED,0,RESIZED",
    "shutoff,0,STOPPED",
    "deleted,0,LEAVING",
    "BUILD,0,PENDING",
    "something new,0,PENDING"
  })
  void readsStatesInEitherCaseAndLooksAgainAtUnknownOnes(
      String status, String isSuspended, Vps.State state) {
    answer = INSTANCE.formatted(status, isSuspended);

    assertThat(hostwinds(1000).get(SERVER).state()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({"ACTIVE,deleting", "SHUTOFF,soft-deleting", "ERROR,Deleting"})
  void seesByItsTaskThatAServerLeaves(String status, String task) {
    answer =
        INSTANCE.formatted(status, "0").replace("{", "{\"task_state\": \"%s\", ".formatted(task));

    assertThat(hostwinds(1000).get(SERVER).state()).isEqualTo(Vps.State.LEAVING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"result\": \"error\", \"message\": \"No <b>such</b> thing\"}",
        "[{\"result\": \"success\"}, {\"result\": \"ERROR\", \"message\": \"No such thing\"}]"
      })
  void anErrorIsARefusalThoughItComesWithStatus200(String said) {
    answer = said;

    assertThatThrownBy(() -> hostwinds(1000).power(SERVER, Power.REBOOT))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("Hostwinds said")
        .hasMessageContaining("such")
        .message()
        .doesNotContain("<b>");
  }

  @Test
  void anEmptyAnswerToALookIsNoServer() {
    assertThatThrownBy(() -> hostwinds(1000).get(SERVER)).isInstanceOf(Unavailable.class);
  }

  @Test
  void sendsEachCommandOnceAndWithItsFields() {
    var hostwinds = hostwinds(1000);

    hostwinds.reinstall(SERVER, "debian-12");
    hostwinds.rename(SERVER, "pm-abc123");
    hostwinds.orderUpgrade(SERVER, "102");
    hostwinds.power(SERVER, Power.REBOOT);

    assertThat(forms)
        .containsExactly(
            form("reinstall_instance", "template", "debian-12"),
            form("edit_instance", "srvrname", "pm-abc123"),
            form("upgrade_instance", "rid", "102"),
            form("reboot"));
  }

  @Test
  void keepsToItsPaceWhoeverCalls() throws Exception {
    var hostwinds = hostwinds(4);
    long began = System.nanoTime();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call :
          IntStream.range(0, 4)
              .mapToObj(_ -> callers.submit(() -> hostwinds.power(SERVER, Power.ON)))
              .toList()) {
        call.get();
      }
    }

    var last =
        Duration.ofNanos(arrivals.stream().mapToLong(Long::longValue).max().orElseThrow() - began);
    assertThat(last).as("the fourth of four a second").isGreaterThan(Duration.ofMillis(700));
  }

  @Test
  void callsByTheAddressesThatKeysAreBoundTo() throws Exception {
    assertThat(HostwindsClient.onlyV4("127.0.0.1"))
        .containsExactly(InetAddress.ofLiteral("127.0.0.1"));
    assertThat(HostwindsClient.onlyV4("::1")).isEmpty();
  }

  @Test
  void saysWhatItCannotDo() {
    var can = hostwinds(1000).capabilities();

    assertThat(can.invoices()).isFalse();
    assertThat(can.cancelAtPeriodEnd()).isFalse();
  }

  private HostwindsVpsProvider hostwinds(double callsPerSecond) {
    return HostwindsVpsProvider.at(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api.php"),
        () -> "key",
        CallRate.perSecond(callsPerSecond),
        Duration.ofSeconds(20));
  }

  private static Map<String, String> form(String action, String... more) {
    var form = new TreeMap<>(Map.of("API", "key", "action", action, "serviceid", "700100"));
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], more[i + 1]);
    }
    return form;
  }

  private void serve(HttpExchange exchange) throws IOException {
    arrivals.add(System.nanoTime());
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    forms.add(
        Arrays.stream(body.split("&"))
            .map(field -> field.split("=", 2))
            .collect(
                Collectors.toMap(
                    field -> decoded(field[0]),
                    field -> decoded(field[1]),
                    (first, _) -> first,
                    TreeMap::new)));
    var bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
