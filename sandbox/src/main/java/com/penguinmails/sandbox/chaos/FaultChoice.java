package com.penguinmails.sandbox.chaos;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Which fault, if any, an attempt meets in the run of a seed: always the same one. A run is mild
/// or wild as its seed will; no attempt after the third of one activity meets a fault, so every run
/// can come to its end.
record FaultChoice(long seed) implements FaultPlan {
  /// What costs money is asked hardest.
  static final Set<String> PAID = Set.of("Order.Buy", "Triage.ChangeAddress");

  private static final int[] PERCENT = {2, 8, 20, 40};
  private static final int PERCENT_PAID = 40;
  private static final int PERCENT_COMBINED = 30;
  private static final Set<Fault> WITH_ANOTHER = Set.of(Fault.SLOW, Fault.WRONG_ANSWER);
  private static final List<Fault> LOST =
      List.of(Fault.ANSWER_LOST, Fault.DIES_AFTER, Fault.DONE_LATE);
  private static final int LAST_FAULTY_ATTEMPT = 3;

  @Override
  public Optional<Met> at(Attempt attempt) {
    var dice = random(attempt.toString());
    boolean isPaid = PAID.contains(attempt.activity());
    int percent = isPaid ? PERCENT_PAID : percent();
    if (attempt.number() > LAST_FAULTY_ATTEMPT || dice.nextInt(100) >= percent) {
      return Optional.empty();
    }
    if (isPaid && dice.nextBoolean()) {
      return Optional.of(new Met(several(Fault.WRONG_ANSWER, dice), dice));
    }
    var faults = Fault.values();
    return Optional.of(new Met(several(faults[dice.nextInt(faults.length)], dice), dice));
  }

  /// Who is slow, or gets a wrong answer, may be lost besides.
  private static List<Fault> several(Fault first, Random dice) {
    boolean isAlone = !WITH_ANOTHER.contains(first) || dice.nextInt(100) >= PERCENT_COMBINED;
    return isAlone ? List.of(first) : List.of(first, LOST.get(dice.nextInt(LOST.size())));
  }

  /// How many attempts of a hundred meet one, where nothing is paid.
  int percent() {
    return PERCENT[random("percent").nextInt(PERCENT.length)];
  }

  /// For everything else that this seed decides.
  ///
  /// @param what is decided; the same word is the same decision
  Random random(String what) {
    return new Random(
        Hashing.murmur3_128().hashString(seed + " " + what, StandardCharsets.UTF_8).asLong());
  }
}
