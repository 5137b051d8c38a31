package com.penguinmails.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// A set-up that was ordered, as its tenant sees it through the API.
///
/// @param id of the set-up
public record TenantSetup(TenantClient tenant, String id) {
  private static final Duration UNTIL_ENDED = Duration.ofMinutes(10);

  /// Orders one; asked again with the same key, it is the same one.
  public static TenantSetup order(TenantClient tenant, String key, Map<String, ?> request) {
    var answer = tenant.order(key, request);
    assertThat(answer.status()).as("%s", answer).isEqualTo(202);
    return new TenantSetup(tenant, answer.body().path("id").asText());
  }

  /// All of it, as it is now.
  public JsonNode look() {
    return tenant.look(id).body();
  }

  public String state() {
    return look().path("state").asText();
  }

  /// The causes for which it asks for attention.
  public List<String> causes() {
    return texts(look().path("attention"), "cause");
  }

  /// A step of it, missing when it has not begun.
  ///
  /// @param name such as `server/020-packages`
  public JsonNode step(String name) {
    return StreamSupport.stream(look().path("steps").spliterator(), false)
        .filter(one -> one.path("step").asText().equals(name))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  /// Whether the step has been begun, however it stands now.
  public boolean hasBegun(String step) {
    return !step(step).isMissingNode();
  }

  /// Waits until it is in this state.
  public void untilState(String state) {
    await()
        .atMost(UNTIL_ENDED)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(state()).as("%s", look()).isEqualTo(state));
  }

  /// The tenant's button, with what they corrected.
  public void retry(Map<String, ?> correction) {
    var answer = tenant.retry(id, UUID.randomUUID().toString(), correction);
    assertThat(answer.status()).as("%s", answer).isEqualTo(202);
  }

  public void cancel() {
    var answer = tenant.command(id, "cancel", UUID.randomUUID().toString());
    assertThat(answer.status()).as("%s", answer).isEqualTo(202);
  }

  /// One field of each element.
  public static List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(one -> one.path(field).asText())
        .toList();
  }
}
