package com.penguinmails.sandbox.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.chaos.FaultPlan.Met;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultChoiceTest {
  @Test
  void aSeedMeetsTheSameFaultsAgain() {
    assertThat(faults(42)).isEqualTo(faults(42)).isNotEqualTo(faults(43));
  }

  @Test
  void runsAreMildOrWild() {
    assertThat(LongStream.range(0, 100).mapToObj(FaultChoice::new).map(FaultChoice::percent))
        .contains(2, 8, 20, 40);
  }

  @Test
  void everyKindOfFaultHappensToEveryActivity() {
    for (var activity : AllActivities.types()) {
      var met =
          LongStream.range(0, 2_000)
              .mapToObj(FaultChoice::new)
              .flatMap(choice -> choice.at(new Attempt("server", activity, 0, 1)).stream())
              .flatMap(one -> one.faults().stream());
      assertThat(met).as(activity).contains(Fault.values());
    }
  }

  @Test
  void aRunCanComeToItsEnd() {
    assertThat(
            LongStream.range(0, 500)
                .mapToObj(FaultChoice::new)
                .map(choice -> choice.at(new Attempt("setup", "Setup.Begin", 0, 4))))
        .containsOnly(Optional.empty());
  }

  @Test
  void whoIsSlowOrGetsAWrongAnswerMayBeLostBesides() {
    assertThat(
            LongStream.range(0, 3_000)
                .mapToObj(FaultChoice::new)
                .flatMap(choice -> choice.at(new Attempt("server", "Order.Buy", 0, 1)).stream())
                .map(Met::toString))
        .contains("SLOW+DIES_AFTER", "WRONG_ANSWER+ANSWER_LOST", "WRONG_ANSWER+DONE_LATE")
        .doesNotContain("ANSWER_LOST+SLOW");
  }

  private static List<Optional<List<Fault>>> faults(long seed) {
    var choice = new FaultChoice(seed);
    return Stream.of("Server.Apply", "Order.Buy", "Domain.Prepare")
        .flatMap(
            activity -> IntStream.range(0, 50).mapToObj(i -> new Attempt("server", activity, i, 1)))
        .map(attempt -> choice.at(attempt).map(Met::faults))
        .toList();
  }
}
