package com.penguinmails.api.setup;

import com.penguinmails.api.command.ApiClient;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `./penguin plan`: rehearses a set-up at a running API and prints its plan. Exit codes: 0 the
/// rehearsal came to its end, 1 it did not, 2 wrong usage.
public final class PlanCommand {
  private static final String USAGE =
      """
      Usage: ./penguin plan --domain=NAME --provider=NAME --plan=SIZE --place=PLACE --budget=SUM [OPTIONS]
             ./penguin plan --request=FILE [OPTIONS]
      Rehearses a set-up and prints steps, price, minutes and risks. Nothing is bought or changed.
        --domain=NAME    the domain; its records are taken as entered by hand
        --provider, --plan, --place, --budget   the server to buy, as the seller names it; USD a month
        --mailbox=NAME   what stands before the @ (default: hello)
        --request=FILE   an order as POST /api/v1/setups takes it, with secrets: your own server, a
                         zone that we write to
        --json           the API's answer instead of text
      In the environment:
        PENGUIN_API_KEY  of the tenant
        PENGUIN_API_URL  default http://127.0.0.1:8080\
      """;

  private static final Set<String> OPTIONS =
      new TreeSet<>(Set.of("domain", "provider", "plan", "place", "budget", "mailbox", "request"));
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofMinutes(6); // longer than any rehearsal
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;

  PlanCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    System.exit(
        new PlanCommand(System.getenv(), System.out, System.err).run(Arrays.asList(arguments)));
  }

  int run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      out.println(USAGE);
      return 0;
    }
    var key = Optional.ofNullable(environment.get("PENGUIN_API_KEY")).filter(one -> !one.isBlank());
    if (key.isEmpty()) {
      return wrongUsage("PENGUIN_API_KEY is not set");
    }
    try {
      var options = read(arguments);
      var api = ApiClient.address(environment);
      return plan(api, key.get(), body(options), arguments.contains("--json"));
    } catch (IllegalArgumentException wrong) {
      return wrongUsage(String.valueOf(wrong.getMessage()));
    } catch (IOException away) {
      err.println("No plan: " + away.getMessage());
      return 1;
    }
  }

  private int wrongUsage(String why) {
    err.println(why);
    err.println(USAGE);
    return 2;
  }

  private static Map<String, String> read(List<String> arguments) {
    var options = new TreeMap<String, String>();
    for (var argument : arguments) {
      int equals = argument.indexOf('=');
      if (argument.equals("--json")) {
        continue;
      }
      if (!argument.startsWith("--")
          || equals < 0
          || !OPTIONS.contains(argument.substring(2, equals))) {
        throw new IllegalArgumentException("unknown option \"" + argument + "\"");
      }
      options.put(argument.substring(2, equals), argument.substring(equals + 1));
    }
    return options;
  }

  private static byte[] body(Map<String, String> options) throws IOException {
    var file = options.get("request");
    if (file != null) {
      if (options.size() > 1) {
        throw new IllegalArgumentException("--request holds all that the others would say");
      }
      return Files.readAllBytes(Path.of(file));
    }
    return JSON.writeValueAsBytes(
        Map.of(
            "domain", needed(options, "domain"),
            "mailbox", Map.of("localPart", options.getOrDefault("mailbox", "hello")),
            "dns", Map.of("provider", "manual"),
            "server",
                Map.of(
                    "provider", needed(options, "provider"),
                    "plan", needed(options, "plan"),
                    "place", needed(options, "place"),
                    "monthlyBudget", needed(options, "budget"))));
  }

  private static String needed(Map<String, String> options, String name) {
    return Optional.ofNullable(options.get(name))
        .orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
  }

  private int plan(URI api, String key, byte[] body, boolean isJson) throws IOException {
    try (var client = new ApiClient(api, key)) {
      var asked = client.post("/api/v1/setups?dryRun=true", UUID.randomUUID().toString(), body);
      var address = "/api/v1/plans/" + asked.path("id").asString("");
      var end = Instant.now().plus(LIMIT);
      var plan = asked;
      while (isRehearsing(plan) && Instant.now().isBefore(end)) {
        Thread.sleep(LOOK_AGAIN);
        plan = client.get(address);
      }
      out.println(
          isJson
              ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(plan)
              : PlanText.of(plan));
      return plan.path("state").asString("").equals("READY") ? 0 : 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static boolean isRehearsing(JsonNode plan) {
    return plan.path("state").asString("").equals("REHEARSING");
  }
}
