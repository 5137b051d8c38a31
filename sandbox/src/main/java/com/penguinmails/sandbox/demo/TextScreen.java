package com.penguinmails.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.world.Depth;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// For people: a line per step; on a terminal a bar for what takes long, and colours. Elsewhere the
/// same lines plainly.
final class TextScreen implements Screen {
  private static final String RULE = "─".repeat(78);
  private static final int PARTS = 6; // five of the world, and the host
  private static final int PERCENT = 100;
  private static final int QUARTER = 25;

  private final PrintWriter out;
  private final Instant started;
  private final Look look;
  private final Bar bar;
  private final Map<String, Set<String>> shown = new HashMap<>();
  private int up;

  TextScreen(PrintWriter out, Instant started, Look look) {
    this.out = out;
    this.started = started;
    this.look = look;
    this.bar = new Bar(out, look.isTerminal());
  }

  private enum Colour {
    RED(31),
    GREEN(32),
    YELLOW(33),
    DIM(2);

    private final int code; // ECMA-48, 8.3.117

    Colour(int code) {
      this.code = code;
    }
  }

  @Override
  public void close() {
    bar.close();
  }

  @Override
  public void line(String text) {
    line(Instant.now(), text);
  }

  /// What was done before this start says so: its time would be another start's.
  private void line(Instant when, String text) {
    var time = when.isBefore(started) ? "before" : Screen.seconds(Duration.between(started, when));
    bar.print(in(Colour.DIM, "%8s".formatted(time)) + "  " + text);
  }

  @Override
  public synchronized void isUp(String part, Duration took) {
    up++;
    line(ticked(part + " is up", took));
    if (up < PARTS) {
      bar.show("Starting", up, PARTS);
    } else {
      bar.done("Starting");
    }
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
    var state = step.path("state").asText();
    var title = step.path("title").asText();
    if (state.equals("RUNNING") && step.hasNonNull("percent")) {
      advance(step, title, step.path("percent").asInt());
    }
    if (!isNews(step, state)) {
      return;
    }
    var evidence = step.path("evidence").asText();
    switch (state) {
      case "DONE" -> {
        bar.done(title);
        line(
            Instant.parse(step.path("since").asText()),
            ticked(title, took(step)) + (evidence.isBlank() ? "" : below(evidence)));
      }
      case "WAITING" ->
          line(in(Colour.YELLOW, "…") + " " + title + ": " + step.path("what").asText(evidence));
      case "FAILED" -> {
        bar.done(title);
        line(in(Colour.RED, "✗") + " " + title + ": " + evidence);
      }
      default -> {}
    }
  }

  /// A bar moves; where there is none, a line at each quarter tells that it goes on.
  private void advance(JsonNode step, String title, int percent) {
    bar.show(title, percent, PERCENT);
    int quarter = percent / QUARTER * QUARTER;
    if (!look.isTerminal() && quarter > 0 && percent < PERCENT && isFirst(step, quarter + " %")) {
      line("… %s: %d %%".formatted(title, percent));
    }
  }

  /// An attempt that waits for the same again is no news.
  private boolean isNews(JsonNode step, String state) {
    return isFirst(step, state + step.path("waitingFor").asText());
  }

  private boolean isFirst(JsonNode step, String what) {
    return shown.computeIfAbsent(step.path("step").asText(), _ -> new HashSet<>()).add(what);
  }

  /// From the rows, so that a second start shows the same.
  private static Duration took(JsonNode step) {
    return between(step.path("startedAt").asText(), step.path("since").asText());
  }

  private static Duration between(String began, String ended) {
    return began.isEmpty() || ended.isEmpty() || began.equals("null") || ended.equals("null")
        ? Duration.ZERO
        : Duration.between(Instant.parse(began), Instant.parse(ended));
  }

  @Override
  public void end(JsonNode setup, Links links, Depth depth, Duration total) {
    bar.close();
    out.println(RULE);
    out.println("  " + headline(setup) + "; " + Screen.seconds(total) + " since this start");
    for (var check : setup.path("proof").path("checks")) {
      var verdict = check.path("verdict").asText();
      out.printf(
          "    %s %-12s %s%n",
          in(verdict.equals("PASSED") ? Colour.GREEN : Colour.RED, "%-7s".formatted(verdict)),
          check.path("name").asText(),
          check.path("evidence").asText());
    }
    for (var attention : setup.path("attention")) {
      out.printf(
          "    %s %s%n            %s%n",
          in(Colour.RED, "stopped"),
          attention.path("what").asText(),
          attention.path("nextStep").asText());
    }
    out.println();
    made(setup);
    real(depth);
    out.println("  This set-up     " + links.page());
    out.println("  API docs        " + links.apiDocs());
    out.println("  API key         tenant.key in " + links.keyFile());
    out.println("  Temporal UI     " + links.temporalUi());
    out.println(RULE);
    out.flush();
  }

  private String headline(JsonNode setup) {
    var time =
        between(setup.path("createdAt").asText(), setup.path("finishedAt").asText()).isZero()
            ? ""
            : " within "
                + Screen.seconds(
                    between(setup.path("createdAt").asText(), setup.path("finishedAt").asText()));
    var state = setup.path("state").asText();
    return setup.path("domain").path("unicode").asText()
        + ": "
        + (state.equals("DONE")
            ? in(Colour.GREEN, "PROVED by a real message")
            : in(Colour.RED, state.toLowerCase(Locale.ROOT)) + " (--fresh begins anew)")
        + time;
  }

  private void made(JsonNode setup) {
    var domain = setup.path("domain").path("unicode").asText();
    if (setup.path("state").asText().equals("DONE")) {
      out.println(
          "  Made: the mailbox hello@%s on mail.%s (SMTP 465 and 587, IMAP 993),"
              .formatted(domain, domain));
      out.println(
          "  its DNS records, a DKIM key, a certificate, MTA-STS, settings for mail programs.");
    }
  }

  private void real(Depth depth) {
    switch (depth) {
      case SIMULATED -> {
        out.println(
            "  Real: PostgreSQL, Temporal, Pebble (ACME), and every protocol between the parts.");
        out.println(
            "  Simulated: Hostwinds, who sold the server; the server with its mail programs, DNS");
        out.println("  and the receiver of the message. --docker makes real ones of these.");
      }
      case DOCKER -> {
        out.println(
            "  Real: PostgreSQL, Temporal, BIND, unbound, Pebble (ACME), OpenSSH, Postfix, Dovecot,");
        out.println("  OpenDKIM, nginx. Simulated: Hostwinds, who sold the server, a container.");
      }
    }
    out.println(
        "  Nothing is on the Internet: .test is a domain of this machine, its CA is a test CA.");
    out.println();
  }

  private String ticked(String what, Duration took) {
    return in(Colour.GREEN, "✓")
        + " "
        + what
        + " "
        + in(Colour.DIM, "(" + Screen.seconds(took) + ")");
  }

  private String below(String evidence) {
    return System.lineSeparator() + " ".repeat(12) + in(Colour.DIM, evidence);
  }

  private String in(Colour colour, String text) {
    return look.isColoured() ? "\033[%dm%s\033[0m".formatted(colour.code, text) : text;
  }
}
