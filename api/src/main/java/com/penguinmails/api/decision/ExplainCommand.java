package com.penguinmails.api.decision;

import com.penguinmails.api.command.ApiClient;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `./penguin explain`: reads a story from a running API and prints it. Exit codes: 0 told, 1 not,
/// 2 wrong usage.
public final class ExplainCommand {
  private static final String USAGE =
      """
      Usage: ./penguin explain setup|server|domain ID [--json]
      Tells what happened to it and why, oldest first: what was decided, by which rule and from what;
      what stood in the way; what people said. The story of a set-up is that of its server, domain,
      certificate and mailboxes too. Needs nothing of Temporal, whose histories end after 30 days.
        --json   the API's entries instead of text
      In the environment:
        PENGUIN_API_KEY  of the tenant
        PENGUIN_API_URL  default http://127.0.0.1:8080\
      """;

  private static final Set<String> KINDS = Set.of("setup", "server", "domain");
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;

  public ExplainCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    System.exit(
        new ExplainCommand(System.getenv(), System.out, System.err).run(Arrays.asList(arguments)));
  }

  /// @return the exit code
  public int run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      out.println(USAGE);
      return 0;
    }
    try {
      var key =
          Optional.ofNullable(environment.get("PENGUIN_API_KEY"))
              .filter(one -> !one.isBlank())
              .orElseThrow(() -> new IllegalArgumentException("PENGUIN_API_KEY is not set"));
      var isJson = arguments.contains("--json");
      var thing = thing(arguments.stream().filter(one -> !one.equals("--json")).toList());
      var entries = read(ApiClient.address(environment), key, thing);
      out.println(
          isJson
              ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(entries)
              : ExplainText.of(thing.kind() + " " + thing.id(), entries));
      return 0;
    } catch (IllegalArgumentException wrong) {
      err.println(wrong.getMessage());
      err.println(USAGE);
      return 2;
    } catch (IOException away) {
      err.println("No story: " + away.getMessage());
      return 1;
    }
  }

  private static Thing thing(List<String> arguments) {
    if (arguments.size() != 2) {
      throw new IllegalArgumentException("a story is of one setup, server or domain");
    }
    if (!KINDS.contains(arguments.getFirst())) {
      throw new IllegalArgumentException(
          "unknown: \"%s\"; known are setup, server and domain".formatted(arguments.getFirst()));
    }
    try {
      return new Thing(arguments.getFirst(), UUID.fromString(arguments.getLast()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"%s\" is no id".formatted(arguments.getLast()), e);
    }
  }

  private static List<JsonNode> read(URI api, String key, Thing thing) throws IOException {
    var path = "/api/v1/%ss/%s/story?limit=100".formatted(thing.kind(), thing.id());
    var entries = new ArrayList<JsonNode>();
    try (var client = new ApiClient(api, key)) {
      var page = client.get(path);
      page.path("items").forEach(entries::add);
      while (page.hasNonNull("next")) {
        page = client.get(path + "&cursor=" + page.path("next").asString(""));
        page.path("items").forEach(entries::add);
      }
      return entries;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private record Thing(String kind, UUID id) {}
}
