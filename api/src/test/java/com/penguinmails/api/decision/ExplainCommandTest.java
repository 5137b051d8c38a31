package com.penguinmails.api.decision;

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

/// The story as people read it in a terminal, and the command's usage.
class ExplainCommandTest {
  private static final String ID = "0193aaaa-0000-7000-8000-000000000000";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void tellsSentencesWithTheirRules() {
    var entry =
        new JsonMapper()
            .readTree(
                """
                {"at": "2026-11-23T06:00:00Z", "about": {"kind": "server"},
                 "sentence": "Nothing was bought.\\u001b[2J", "rule": "PurchaseDecision",
                 "run": "r1", "inputs": {"order": "o1", "tries": "0", "seen": "9.99 USD"}}
                """);

    assertThat(ExplainText.of("setup 1", List.of(entry)))
        .isEqualTo(
            """
            The story of setup 1, oldest first

            2026-11-23T06:00:00Z  server
              Nothing was bought. [2J
              (PurchaseDecision; from order o1, tries 0; run r1)\
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "setup", "setup nonsense", "moon " + ID, "setup " + ID + " more"})
  void saysWhatIsWrongWithTheCommandLine(String line) {
    var code = run(Map.of("PENGUIN_API_KEY", "pm_k"), line);

    assertThat(code).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("Usage: ./penguin explain");
  }

  @Test
  void needsAKeyAndAnApi() {
    var nobody = Map.of("PENGUIN_API_KEY", "pm_k", "PENGUIN_API_URL", "http://127.0.0.1:9");

    assertThat(run(Map.of(), "setup " + ID)).isEqualTo(2);
    assertThat(run(nobody, "setup " + ID)).isEqualTo(1);
    assertThat(run(Map.of(), "--help")).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("PENGUIN_API_KEY is not set", "No story: ");
  }

  private int run(Map<String, String> environment, String line) {
    var arguments = line.isEmpty() ? List.<String>of() : List.of(line.split(" "));
    return new ExplainCommand(environment, print(out), print(err)).run(arguments);
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }
}
