package com.penguinmails.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.SandboxWorld;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/// What the demo shows: a line per step with its time, and a box at the end.
interface Screen extends AutoCloseable {
  @Override
  default void close() {}

  void line(String text);

  /// One of several parts has come up.
  void isUp(String part, Duration took);

  /// Takes one event of the stream.
  ///
  /// @return false when nothing more is to come
  boolean event(String name, JsonNode data);

  /// The set-up has ended, or waits for somebody.
  ///
  /// @param setup as the API shows it
  /// @param total since this start of the demo
  void end(JsonNode setup, Links links, Depth depth, Duration total);

  /// For people.
  static Screen text(PrintWriter out, Instant started, Look look) {
    return new TextScreen(out, started, look);
  }

  /// For programs: one JSON object per line.
  static Screen json(PrintWriter out) {
    return new JsonScreen(out);
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%d.%d s", time.toSeconds(), time.toMillisPart() / 100);
  }

  /// Where everything can be read.
  ///
  /// @param page of the set-up, for people; its signature is the permission
  /// @param apiDocs every request of the API
  /// @param temporalUi the run with its history
  /// @param keyFile holds the tenant's API key, as `tenant.key`
  record Links(String page, String apiDocs, String temporalUi, String keyFile) {
    static Links of(SandboxWorld world, String page, String setup) {
      return new Links(
          page,
          world.apiUrl() + "/api/docs",
          world.temporal().ui() + "/setup%2F" + setup,
          world.rememberedIn().toString());
    }
  }

  /// What the place that is written to can do.
  ///
  /// @param isTerminal lines can be written over: there are bars
  /// @param isColoured a terminal whose user does not object (https://no-color.org)
  record Look(boolean isTerminal, boolean isColoured) {
    /// `./penguin` looks whether standard output is a terminal; the JDK says so only of standard
    /// input and output together.
    static Look of(Map<String, String> environment) {
      boolean isTerminal = environment.getOrDefault("PENGUIN_TERMINAL", "").equals("yes");
      boolean isColoured =
          isTerminal
              && environment.getOrDefault("NO_COLOR", "").isEmpty()
              && !environment.getOrDefault("TERM", "dumb").equals("dumb");
      return new Look(isTerminal, isColoured);
    }
  }
}
