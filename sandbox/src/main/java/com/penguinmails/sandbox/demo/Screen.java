package com.penguinmails.sandbox.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.penguinmails.sandbox.world.SandboxWorld;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What the demo shows: a line per step with its time, and a box at the end.
interface Screen extends AutoCloseable {
  @Override
  default void close() {}

  void line(String text);

  /// Takes one event of the stream.
  ///
  /// @return false when nothing more is to come
  boolean event(String name, JsonNode data);

  void end(JsonNode setup, SandboxWorld world, String page, Duration total);

  /// For people; plain lines, so that it reads the same in a file.
  static Screen text(PrintWriter out, Instant started) {
    return new Text(out, started);
  }

  /// For programs: one JSON object per line.
  static Screen json(PrintWriter out) {
    return new Json(out);
  }

  static String seconds(Duration time) {
    return "%d.%d s".formatted(time.toSeconds(), time.toMillisPart() / 100);
  }

  /// For people.
  final class Text implements Screen {
    private static final String RULE = "─".repeat(78);
    private final PrintWriter out;
    private final Instant started;
    private final Map<String, Set<String>> shown = new HashMap<>();

    Text(PrintWriter out, Instant started) {
      this.out = out;
      this.started = started;
    }

    @Override
    public void line(String text) {
      out.printf("%7s  %s%n", seconds(Duration.between(started, Instant.now())), text);
      out.flush();
    }

    @Override
    public boolean event(String name, JsonNode data) {
      switch (name) {
        case "snapshot" -> data.path("steps").forEach(this::step);
        case "progress" -> step(data);
        default -> {}
      }
      return !name.equals("end");
    }

    private void step(JsonNode step) {
      var name = step.path("step").asText();
      var state = step.path("state").asText();
      var title = step.path("title").asText();
      var evidence = step.path("evidence").asText();
      // An attempt that waits for the same again is no news.
      var key = state + step.path("waitingFor").asText();
      if (!shown.computeIfAbsent(name, _ -> new HashSet<>()).add(key)) {
        return;
      }
      switch (state) {
        case "DONE" -> {
          line(
              "✓ "
                  + title
                  + " ("
                  + seconds(took(step))
                  + ")"
                  + (evidence.isBlank() ? "" : "\n             " + evidence));
        }
        case "WAITING" -> line("… " + title + ": " + step.path("what").asText(evidence));
        case "FAILED" -> line("✗ " + title + ": " + evidence);
        default -> {}
      }
    }

    /// From the rows, so that a second start shows the same.
    private static Duration took(JsonNode step) {
      var began = step.path("startedAt").asText();
      var ended = step.path("since").asText();
      return began.isEmpty() || ended.isEmpty()
          ? Duration.ZERO
          : Duration.between(Instant.parse(began), Instant.parse(ended));
    }

    private static String ownTime(JsonNode setup) {
      var finished = setup.path("finishedAt").asText();
      return finished.isEmpty()
          ? ""
          : " within "
              + seconds(
                  Duration.between(
                      Instant.parse(setup.path("createdAt").asText()), Instant.parse(finished)));
    }

    @Override
    public void end(JsonNode setup, SandboxWorld world, String page, Duration total) {
      out.println(RULE);
      out.println(
          "  "
              + setup.path("domain").path("unicode").asText()
              + ": "
              + (setup.path("state").asText().equals("DONE")
                  ? "PROVED by a real message"
                  : setup.path("state").asText())
              + ownTime(setup)
              + "; "
              + seconds(total)
              + " since this start");
      for (var check : setup.path("proof").path("checks")) {
        out.printf(
            "    %-7s %-12s %s%n",
            check.path("verdict").asText(),
            check.path("name").asText(),
            check.path("evidence").asText());
      }
      out.println();
      out.println(
          "  Real: PostgreSQL, Temporal, BIND, unbound, Pebble (ACME), OpenSSH, Postfix, Dovecot,");
      out.println(
          "  OpenDKIM, nginx. Simulated: nothing was bought and nothing is on the Internet: the");
      out.println(
          "  server is a container, .test is a top-level domain of this machine, its CA is a test CA.");
      out.println();
      out.println("  This set-up     " + page);
      out.println("  API docs        " + world.apiUrl() + "/api/docs");
      out.println(
          "  Temporal UI     " + world.temporal().ui() + "/setup%2F" + setup.path("id").asText());
      out.println(RULE);
      out.flush();
    }
  }

  /// For programs.
  final class Json implements Screen {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final PrintWriter out;

    Json(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void line(String text) {
      print("message", JSON.valueToTree(text));
    }

    @Override
    public boolean event(String name, JsonNode data) {
      print(name, data);
      return !name.equals("end");
    }

    @Override
    public void end(JsonNode setup, SandboxWorld world, String page, Duration total) {
      print("result", setup);
      print("page", JSON.valueToTree(page));
    }

    private void print(String kind, JsonNode data) {
      try {
        out.println(JSON.writeValueAsString(Map.of("event", kind, "data", data)));
        out.flush();
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a tree is always JSON", e);
      }
    }
  }
}
