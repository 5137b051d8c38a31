package com.penguinmails.ports.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every secret store keeps.
public interface SecretStoreContract {
  Map<String, String> FIELDS = Map.of("username", "root", "password", "canary-pa\"ss\nwörd");

  SecretStore store();

  /// Two tenants that may keep secrets.
  TenantId tenant();

  TenantId otherTenant();

  @Test
  default void givesBackWhatItTook() {
    var path = path();

    var reference = store().putIfAbsent(tenant(), path, FIELDS);

    assertThat(reference).isEqualTo(new SecretRef(path, 1));
    assertThat(store().get(tenant(), reference)).isEqualTo(FIELDS);
  }

  @Test
  default void writesOnceUnderAPathHoweverOftenAsked() {
    var path = path();
    var first = store().putIfAbsent(tenant(), path, FIELDS);

    assertThat(store().putIfAbsent(tenant(), path, Map.of("password", "other"))).isEqualTo(first);
    assertThat(store().get(tenant(), first)).isEqualTo(FIELDS);
  }

  @Test
  default void answersTheNewestVersionWhereSomethingIs() {
    var path = path();
    store().putIfAbsent(tenant(), path, FIELDS);
    var second = store().put(tenant(), path, Map.of("password", "rotated"));

    assertThat(store().putIfAbsent(tenant(), path, FIELDS)).isEqualTo(second);
  }

  @Test
  default void letsOneOfManyWriteFirst() throws Exception {
    var path = path();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers =
          threads.invokeAll(
              IntStream.range(0, 8)
                  .<Callable<SecretRef>>mapToObj(number ->
                      () -> store().putIfAbsent(tenant(), path, Map.of("by", "" + number)))
                  .toList());

      assertThat(answers.stream().map(Future::resultNow)).containsOnly(new SecretRef(path, 1));
    }
    assertThat(store().get(tenant(), new SecretRef(path, 1))).containsOnlyKeys("by");
  }

  @Test
  default void countsVersionsWithoutGapsOrDoubles() throws Exception {
    var path = path();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers =
          threads.invokeAll(
              IntStream.range(0, 8)
                  .<Callable<SecretRef>>mapToObj(
                      number -> () -> store().put(tenant(), path, Map.of("by", "" + number)))
                  .toList());

      assertThat(answers.stream().map(answer -> answer.resultNow().version()))
          .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
    }
  }

  @Test
  default void keepsOldVersionsReadable() {
    var path = path();
    var first = store().put(tenant(), path, FIELDS);
    store().put(tenant(), path, Map.of("password", "rotated"));

    assertThat(store().get(tenant(), first)).isEqualTo(FIELDS);
  }

  @Test
  default void showsATenantNothingOfAnother() {
    var reference = store().putIfAbsent(tenant(), path(), FIELDS);

    assertThatThrownBy(() -> store().get(otherTenant(), reference)).isInstanceOf(Refused.class);
    store().destroy(otherTenant(), reference);
    assertThat(store().get(tenant(), reference)).isEqualTo(FIELDS);
    assertThat(store().putIfAbsent(otherTenant(), reference.path(), Map.of("own", "own")))
        .isEqualTo(reference);
    assertThat(store().get(tenant(), reference)).isEqualTo(FIELDS);
  }

  @Test
  default void destroysOneVersionForGood() {
    var path = path();
    var first = store().put(tenant(), path, FIELDS);
    var second = store().put(tenant(), path, FIELDS);

    store().destroy(tenant(), first);
    store().destroy(tenant(), first);

    assertThatThrownBy(() -> store().get(tenant(), first))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(first.toString());
    assertThat(store().get(tenant(), second)).isEqualTo(FIELDS);
    assertThat(store().put(tenant(), path, FIELDS).version()).isEqualTo(3);
  }

  @Test
  default void refusesWhatIsNotThere() {
    assertThatThrownBy(() -> store().get(tenant(), new SecretRef(path(), 1)))
        .isInstanceOf(Refused.class);
  }

  private static String path() {
    return "server/" + UUID.randomUUID() + "/login";
  }
}
