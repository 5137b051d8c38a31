package com.penguinmails.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.penguinmails.sandbox.world.Depth;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(20)
class TextScreenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SINCE_START = Duration.ofSeconds(75);
  private static final Screen.Links LINKS =
      new Screen.Links(
          "http://127.0.0.1:8080/page/0193",
          "http://127.0.0.1:8080/api/docs",
          "http://127.0.0.1:8233/setup%2F0193",
          "/home/anna/demo/world.properties");
  private static final Instant END = Instant.parse("2026-01-01T00:00:50Z"); // of each step
  private static final Screen.Look PLAIN = new Screen.Look(false, false);
  private static final Screen.Look TERMINAL = new Screen.Look(true, true);

  @Test
  void showsPlainLinesWithoutATerminal() {
    var shown = show(PLAIN);

    assertThat(shown)
        .contains("✓ Temporal is up (1.5 s)")
        .contains("… Records: ns2 has not got them")
        .contains("✓ Packages (50.0 s)\n            all 18 are installed\n")
        .doesNotContain("\033")
        .doesNotContain("\r");
    assertThat(shown.lines().filter(line -> line.contains("ns2 has not got them"))).hasSize(1);
    assertThat(shown.lines().filter(line -> line.contains("%")))
        .as("each quarter of what is measured")
        .singleElement()
        .asString()
        .endsWith("… Packages: 42 %");
  }

  @Test
  void saysWhatWasDoneBeforeThisStart() {
    var out = new StringWriter();
    try (var screen = Screen.text(new PrintWriter(out), END.minusSeconds(10), PLAIN)) {
      screen.event("progress", step("DONE", "Packages", "", 0));
    }
    assertThat(out.toString()).startsWith("  10.0 s  ✓ Packages (50.0 s)");

    out.getBuffer().setLength(0);
    try (var screen = Screen.text(new PrintWriter(out), END.plusSeconds(10), PLAIN)) {
      screen.event("progress", step("DONE", "Packages", "", 0));
    }
    assertThat(out.toString()).startsWith("  before  ✓ Packages (50.0 s)");
  }

  @Test
  void drawsABarOfWhatIsMeasured() {
    var out = new StringWriter();
    try (var screen = Screen.text(new PrintWriter(out), Instant.now(), TERMINAL)) {
      screen.event("progress", step("RUNNING", "Packages", "", 42));
      await().until(() -> out.toString().contains("Packages  42%"));
      screen.line("something else");
    }

    assertThat(out.toString()).contains("\r\033[K").endsWith("\r\033[K");
  }

  @Test
  void takesTheBarAwayWhenTheStepIsDone() {
    var shown = show(TERMINAL);

    assertThat(shown).contains("\033[32m✓\033[0m").contains("Packages");
    var lastLine = shown.substring(shown.lastIndexOf('\n') + 1);
    assertThat(lastLine).doesNotContain("42%");
  }

  @ParameterizedTest
  @CsvSource({
    "yes,'',xterm,true,true",
    "yes,1,xterm,true,false",
    "yes,'',dumb,true,false",
    "'','',xterm,false,false"
  })
  void looksAtTheTerminalAndItsUser(
      String terminal, String noColor, String term, boolean isTerminal, boolean isColoured) {
    var look =
        Screen.Look.of(Map.of("PENGUIN_TERMINAL", terminal, "NO_COLOR", noColor, "TERM", term));

    assertThat(look).isEqualTo(new Screen.Look(isTerminal, isColoured));
  }

  @Test
  void theScriptTellsEveryOption() throws IOException {
    var script = Files.readString(Path.of("..", "penguin"));
    var help = script.substring(script.indexOf("help_demo"), script.indexOf("help_test"));

    assertThat(new CommandLine(new Demo()).getCommandSpec().options())
        .filteredOn(option -> !option.usageHelp() && !option.versionHelp())
        .allSatisfy(option -> assertThat(help).contains("  " + option.longestName()));
  }

  @ParameterizedTest
  @CsvSource({"--wrong", "--domain=acme.com", "--domain=not a domain"})
  void refusesWrongUsage(String argument) {
    var said = new StringWriter();

    int code =
        new CommandLine(new Demo()).setErr(new PrintWriter(said, true)).execute(argument, "--once");

    assertThat(code).isEqualTo(2);
    assertThat(said.toString()).contains("--");
  }

  @Test
  void endsWithABoxThatTellsWhatWasMadeProvedAndSimulated() throws IOException {
    var box =
        end(
            PLAIN,
            """
            {"id": "0193", "state": "DONE",
             "domain": {"ascii": "xn--bcher-kva.test", "unicode": "bücher.test"},
             "createdAt": "2026-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:03:12.400Z",
             "steps": [], "attention": [],
             "proof": {"passed": true, "checks": [
               {"name": "delivered", "verdict": "PASSED", "evidence": "after 3 s"},
               {"name": "dkim", "verdict": "PASSED", "evidence": "selector pm1, aligned"},
               {"name": "ptr", "verdict": "UNKNOWN", "evidence": "no answer"}]}}
            """);

    assertThat(box.lines())
        .contains(
            "  bücher.test: PROVED by a real message within 192.4 s; 75.0 s since this start",
            "    PASSED  delivered    after 3 s",
            "    PASSED  dkim         selector pm1, aligned",
            "    UNKNOWN ptr          no answer",
            "  Made: the mailbox hello@bücher.test on mail.bücher.test (SMTP 465 and 587, IMAP 993),",
            "  its DNS records, a DKIM key, a certificate, MTA-STS, settings for mail programs.",
            "  This set-up     http://127.0.0.1:8080/page/0193",
            "  API docs        http://127.0.0.1:8080/api/docs",
            "  API key         tenant.key in /home/anna/demo/world.properties",
            "  Temporal UI     http://127.0.0.1:8233/setup%2F0193");
    assertThat(box)
        .contains("  Real: PostgreSQL, Temporal, Pebble")
        .contains("Simulated: Hostwinds, who sold the server; the server");
    assertThat(box).doesNotContain("\033").doesNotContain("stopped");
    assertThat(box.lines().findFirst()).contains("─".repeat(78));
    assertThat(box).endsWith("─".repeat(78) + System.lineSeparator());
  }

  @Test
  void endsWithWhatStandsAgainstItAndTheNextStep() throws IOException {
    var box =
        end(
            TERMINAL,
            """
            {"id": "0193", "state": "FAILED", "createdAt": "2026-01-01T00:00:00Z",
             "finishedAt": null, "domain": {"unicode": "acme.test"},
             "attention": [{"what": "The password was refused.", "nextStep": "Send another."}],
             "proof": null}
            """);

    assertThat(box.lines())
        .contains(
            "  acme.test: \033[31mfailed\033[0m (--fresh begins anew); 75.0 s since this start",
            "    \033[31mstopped\033[0m The password was refused.",
            "            Send another.");
    assertThat(box).doesNotContain("Made:").doesNotContain("PROVED").contains("Simulated:");
  }

  @Test
  void endsInJsonWithLinksAndTheWholeSetup() throws IOException {
    var out = new StringWriter();
    try (var screen = Screen.json(new PrintWriter(out))) {
      screen.end(
          JSON.readTree("{\"id\": \"0193\", \"state\": \"DONE\"}"),
          LINKS,
          Depth.SIMULATED,
          SINCE_START);
    }

    assertThat(out.toString().lines())
        .containsExactly(
            "{\"event\":\"depth\",\"data\":\"SIMULATED\"}",
            "{\"event\":\"links\",\"data\":{\"page\":\"http://127.0.0.1:8080/page/0193\",\"apiDocs\":"
                + "\"http://127.0.0.1:8080/api/docs\",\"temporalUi\":\"http://127.0.0.1:8233/setup%2F0193\","
                + "\"keyFile\":\"/home/anna/demo/world.properties\"}}",
            "{\"event\":\"result\",\"data\":{\"id\":\"0193\",\"state\":\"DONE\"}}");
  }

  private static String end(Screen.Look look, String setup) throws IOException {
    var out = new StringWriter();
    try (var screen = Screen.text(new PrintWriter(out), Instant.now(), look)) {
      screen.end(JSON.readTree(setup), LINKS, Depth.SIMULATED, SINCE_START);
    }
    return out.toString();
  }

  private static String show(Screen.Look look) {
    var out = new StringWriter();
    try (var screen = Screen.text(new PrintWriter(out), Instant.now(), look)) {
      screen.isUp("Temporal", Duration.ofMillis(1500));
      screen.event("progress", step("WAITING", "Records", "ns2 has not got them", 0));
      screen.event("progress", step("WAITING", "Records", "ns2 has not got them", 0));
      screen.event("progress", step("RUNNING", "Packages", "", 12));
      screen.event("progress", step("RUNNING", "Packages", "", 42));
      screen.event("progress", step("RUNNING", "Packages", "", 43));
      screen.event("progress", step("DONE", "Packages", "all 18 are installed", 42));
    }
    return out.toString();
  }

  private static JsonNode step(String state, String title, String evidence, int percent) {
    var step =
        JSON.createObjectNode()
            .put("step", title.toLowerCase(Locale.ROOT))
            .put("title", title)
            .put("state", state)
            .put("evidence", evidence)
            .put("startedAt", "2026-01-01T00:00:00Z")
            .put("since", END.toString());
    return percent == 0 ? step : step.put("percent", percent);
  }
}
