package com.penguinmails.sandbox.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.sandbox.world.TenantClient.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/// A tenant's program in one run: asks again, with the same key, while the API says that it cannot
/// answer.
final class ChaosTenant {
  private static final Duration AWAY_FOR_AT_MOST = Duration.ofMinutes(1);
  private static final Duration ASK_AGAIN = Duration.ofMillis(500);

  private final TenantClient client;
  private final String key;

  /// @param key begins every idempotency key of this run
  ChaosTenant(TenantClient client, String key) {
    this.client = client;
    this.key = key;
  }

  /// @param suffix of the idempotency key
  /// @return the id of the set-up
  String order(String suffix, Map<String, ?> request) {
    var ordered = ask(() -> client.order(key + suffix, request));
    require(ordered, 202);
    return ordered.body().path("id").asText();
  }

  /// `cancel`, `resume` or `retire`.
  ///
  /// @return false: it is too late for it
  boolean command(String setup, String command) {
    var answer = ask(() -> client.command(setup, command, command + "-" + key));
    if (answer.status() == 409) {
      return false;
    }
    require(answer, 202);
    return true;
  }

  JsonNode look(String setup) {
    return ask(() -> client.look(setup)).body();
  }

  List<String> causes(String setup) {
    return StreamSupport.stream(look(setup).path("attention").spliterator(), false)
        .map(one -> one.path("cause").asText())
        .toList();
  }

  void orderMailboxes(String domain, List<String> localParts) {
    var wanted = localParts.stream().map(part -> Map.of("localPart", part)).toList();
    require(
        ask(() -> client.post(mailboxes(domain), "more-" + key, Map.of("mailboxes", wanted))), 202);
  }

  void removeMailbox(String id) {
    require(ask(() -> client.delete("/api/v1/mailboxes/" + id, "gone-" + key)), 202);
  }

  /// @param state empty: any
  List<JsonNode> mailboxes(String domain, String state) {
    var all = ask(() -> client.get(mailboxes(domain) + "?limit=100")).body().path("items");
    return StreamSupport.stream(all.spliterator(), false)
        .filter(one -> state.isEmpty() || one.path("state").asText().equals(state))
        .toList();
  }

  private static String mailboxes(String domain) {
    return "/api/v1/domains/" + domain + "/mailboxes";
  }

  private static Answer ask(Supplier<Answer> question) {
    var end = Instant.now().plus(AWAY_FOR_AT_MOST);
    var answer = question.get();
    while (answer.status() >= 500 && Instant.now().isBefore(end)) {
      ChaosWorld.pause(ASK_AGAIN);
      answer = question.get();
    }
    return answer;
  }

  private static void require(Answer answer, int status) {
    if (answer.status() != status) {
      throw new IllegalStateException("answered " + answer.status() + ": " + answer.body());
    }
  }
}
