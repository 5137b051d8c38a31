package com.penguinmails.sandbox.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Everybody dies once at every step there is before anybody dies at one again.
class AimsTest {
  private final Aims aims = new Aims(Set.of("Order.Buy"));

  @Test
  void eachStepIsTakenOnceByEachProcess() {
    assertThat(aims.left(Part.TEMPORAL))
        .containsExactlyInAnyOrder("Order.Buy BEFORE", "Order.Buy AFTER");

    assertThat(aims.take(Part.TEMPORAL, "Order.Buy BEFORE")).isTrue();
    assertThat(aims.take(Part.TEMPORAL, "Order.Buy BEFORE")).isFalse();

    assertThat(aims.left(Part.TEMPORAL)).containsExactly("Order.Buy AFTER");
    assertThat(aims.left(Part.WORKER)).hasSize(2);
  }

  @Test
  void beginsAnewWhenNoneIsLeft() {
    aims.take(Part.WORKER, "Order.Buy BEFORE");
    aims.take(Part.WORKER, "Order.Buy AFTER");

    assertThat(aims.left(Part.WORKER)).hasSize(2);
  }

  @Test
  void goesOnWhereAnEarlierStretchEnded() {
    aims.remember(List.of("POSTGRESQL Order.Buy AFTER", "POSTGRESQL", "WORKER Order.Gone BEFORE"));

    assertThat(aims.left(Part.POSTGRESQL)).containsExactly("Order.Buy BEFORE");
    assertThat(aims.left(Part.WORKER)).hasSize(2);
  }
}
