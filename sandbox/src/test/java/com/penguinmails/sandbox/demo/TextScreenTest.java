package com.penguinmails.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
        .doesNotContain("\r")
        .doesNotContain("%");
    assertThat(shown.lines().filter(line -> line.contains("ns2 has not got them"))).hasSize(1);
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

  private static String show(Screen.Look look) {
    var out = new StringWriter();
    try (var screen = Screen.text(new PrintWriter(out), Instant.now(), look)) {
      screen.isUp("Temporal", Duration.ofMillis(1500));
      screen.event("progress", step("WAITING", "Records", "ns2 has not got them", 0));
      screen.event("progress", step("WAITING", "Records", "ns2 has not got them", 0));
      screen.event("progress", step("RUNNING", "Packages", "", 42));
      screen.event("progress", step("DONE", "Packages", "all 18 are installed", 42));
    }
    return out.toString();
  }

  private static JsonNode step(String state, String title, String evidence, int percent) {
    var step =
        new ObjectMapper()
            .createObjectNode()
            .put("step", title.toLowerCase(Locale.ROOT))
            .put("title", title)
            .put("state", state)
            .put("evidence", evidence)
            .put("startedAt", "2026-01-01T00:00:00Z")
            .put("since", "2026-01-01T00:00:50Z");
    return percent == 0 ? step : step.put("percent", percent);
  }
}
