package com.penguinmails.api.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The plan as people read it in a terminal, and the command's usage.
class PlanTextTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void readsFromPriceToGoingAhead() {
    var text =
        PlanText.of(
            JSON.readTree(
                """
                {"id": "0193", "domain": {"unicode": "acme.test"}, "state": "READY",
                 "testInstallation": true, "validUntil": "2026-11-23T06:00:00Z",
                 "price": {"amount": "9.99", "currency": "USD", "seller": "hostwinds", "atMost": "30.00",
                           "readAt": "2026-11-22T06:00:00Z"},
                 "minutes": {"said": "Half of 3 finished set-ups took 4.0 minutes or less."},
                 "steps": [{"title": "Buying the server", "what": "Exactly one."}],
                 "effects": [{"what": "One server is bought."}],
                 "risks": [{"stops": true, "what": "MX elsewhere.", "seen": "MX 10 mx\\u001b[2J",
                            "nextStep": "Say yes."}]}
                """));

    assertThat(text)
        .startsWith("Plan for acme.test: rehearsed to its end\nA test installation")
        .contains(
            "Price    9.99 USD a month (hostwinds, read 2026-11-22T06:00:00Z);"
                + " if it fails, at most 30.00 USD in the first month")
        .contains("Minutes  Half of 3 finished set-ups took 4.0 minutes or less.")
        .contains("  STOPS  MX elsewhere.")
        .contains("Seen: MX 10 mx [2J")
        .contains("Say yes.")
        .contains("   1  Buying the server\n      Exactly one.")
        .contains("  - One server is bought.")
        .endsWith("{\"plan\": \"0193\"}");
  }

  @Test
  void saysWhatIsNotThere() {
    var text = PlanText.of(JSON.readTree("{\"state\": \"STOPPED\", \"risks\": []}"));

    assertThat(text)
        .contains("the rehearsal could not come to its end")
        .contains("Price    none")
        .contains("Risks    none was seen");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--domain=acme.test",
        "--domain=acme.test --provider=hostwinds --plan=101 --place=1",
        "--nonsense=1",
        "acme.test",
        "--domain",
        "--request=a.json --domain=acme.test"
      })
  void refusesWrongUsage(String arguments) {
    var said = new ByteArrayOutputStream();
    var command =
        new PlanCommand(
            Map.of("PENGUIN_API_KEY", "pm_x"),
            new PrintStream(said, true, StandardCharsets.UTF_8),
            new PrintStream(said, true, StandardCharsets.UTF_8));

    int code = command.run(arguments.isEmpty() ? List.of() : List.of(arguments.split(" ")));

    assertThat(code).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("Usage: ./penguin plan");
  }
}
