package com.penguinmails.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.world.TenantClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// The mailboxes of a domain that was set up, as its tenant sees them through the API.
public record TenantMailboxes(TenantSetup setup) {
  private static final Duration UNTIL_THERE = Duration.ofMinutes(5);

  /// Orders some, and answers what the API says.
  public Answer ask(String key, List<String> localParts) {
    return setup
        .tenant()
        .post(
            path(),
            key,
            Map.of(
                "mailboxes", localParts.stream().map(part -> Map.of("localPart", part)).toList()));
  }

  /// Orders some.
  public void order(String key, List<String> localParts) {
    var answer = ask(key, localParts);
    assertThat(answer.status()).as("%s", answer).isEqualTo(202);
    assertThat(answer.body().path("items")).hasSize(localParts.size());
  }

  /// All that are not gone.
  public List<JsonNode> look() {
    return StreamSupport.stream(
            setup.tenant().get(path() + "?limit=500").body().path("items").spliterator(), false)
        .toList();
  }

  public Optional<JsonNode> find(String localPart) {
    return look().stream()
        .filter(one -> one.path("address").asText().startsWith(localPart + "@"))
        .findFirst();
  }

  public String state(String localPart) {
    return find(localPart).map(one -> one.path("state").asText()).orElse("");
  }

  /// Waits until each is in this state.
  public void untilAll(String state) {
    await()
        .atMost(UNTIL_THERE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(TenantSetup.texts(array(), "state")).containsOnly(state));
  }

  /// Waits until this one is in this state.
  public void until(String localPart, String state) {
    await()
        .atMost(UNTIL_THERE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(state(localPart)).isEqualTo(state));
  }

  /// Waits until it is listed no more.
  public void untilGone(String localPart) {
    until(localPart, "");
  }

  private JsonNode array() {
    return setup.tenant().get(path() + "?limit=500").body().path("items");
  }

  /// Asks for the password.
  public Answer reveal(String localPart) {
    return setup.tenant().post(path(localPart) + "/reveal", "none", Map.of());
  }

  public Answer remove(String localPart, String key) {
    return setup.tenant().delete(path(localPart), key);
  }

  /// Sends a command: `restore` or `reset-password`.
  public Answer command(String localPart, String command, String key) {
    return setup.tenant().post(path(localPart) + "/" + command, key, Map.of());
  }

  private String path() {
    return "/api/v1/domains/" + setup.look().path("domain").path("id").asText() + "/mailboxes";
  }

  private String path(String localPart) {
    return "/api/v1/mailboxes/" + find(localPart).orElseThrow().path("id").asText();
  }
}
