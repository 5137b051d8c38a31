package com.penguinmails.workflows.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.server.OrderActivities.Listed;
import com.penguinmails.workflows.server.OrderActivities.OrderFacts;
import com.penguinmails.workflows.server.PurchaseDecision.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PurchaseDecisionTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final Duration LONG = Duration.ofHours(24);

  @Test
  void buysWhatWasNeverTried() {
    assertThat(next(order(0, Optional.empty()))).isEqualTo(new Next.Buy(1));
  }

  @Test
  void triesAgainOnlyAfterAReadableNo() {
    assertThat(next(order(2, Optional.empty()))).isEqualTo(new Next.Buy(3));
  }

  @Test
  void looksForWhatMayHaveBeenBought() {
    var tried = NOW.minus(Duration.ofMinutes(4));

    assertThat(next(order(1, Optional.of(tried))))
        .isEqualTo(new Next.Look(Duration.ofMinutes(6), false));
  }

  @Test
  void looksLongerWhenTheUsualTimeIsOver() {
    var tried = NOW.minus(GRACE);

    assertThat(next(order(1, Optional.of(tried))))
        .isEqualTo(new Next.Look(LONG.minus(GRACE), true));
  }

  @Test
  void asksStaffInTheEndAndNeverBuysByItself() {
    assertThat(next(order(1, Optional.of(NOW.minus(LONG))))).isEqualTo(new Next.AskStaff());
    assertThat(next(order(1, Optional.of(NOW.minus(LONG.multipliedBy(30))))))
        .isEqualTo(new Next.AskStaff());
  }

  @Test
  void takesWhatIsListedWheneverItAppears() {
    var late = order(1, Optional.of(NOW.minus(LONG.multipliedBy(2))));

    assertThat(next(late, listed("7", true))).isEqualTo(take("7"));
    assertThat(next(order(0, Optional.empty()), listed("7", true))).isEqualTo(take("7"));
  }

  @Test
  void takesTheOlderOfTwoAndNamesTheOther() {
    assertThat(next(order(1, Optional.of(NOW)), listed("7", true), listed("8", true)))
        .isEqualTo(new Next.Take(id("7"), List.of(id("8"))));
  }

  @Test
  void refusesWhatWasNotOrdered() {
    assertThat(next(order(1, Optional.of(NOW)), listed("7", false)))
        .isInstanceOfSatisfying(
            Next.Refuse.class, refuse -> assertThat(refuse.evidence()).contains("server 7"));
  }

  private static Next next(OrderFacts order, Listed... listed) {
    return PurchaseDecision.next(order, List.of(listed), NOW);
  }

  private static Next.Take take(String id) {
    return new Next.Take(id(id), List.of());
  }

  private static Listed listed(String id, boolean isAsOrdered) {
    return new Listed(id(id), NOW, isAsOrdered);
  }

  private static ProviderServerId id(String id) {
    return new ProviderServerId(id);
  }

  private static OrderFacts order(int tries, Optional<Instant> unclearSince) {
    return new OrderFacts(
        new OrderId(new UUID(0, 1)),
        "hostwinds",
        "pm-t3st01-00000000-0000-0000-0000-000000000001",
        true,
        tries,
        unclearSince,
        Optional.empty(),
        false,
        GRACE,
        LONG,
        Duration.ofMinutes(30),
        Optional.empty(),
        Optional.empty());
  }
}
