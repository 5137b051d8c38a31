package com.penguinmails.sandbox.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.vps.ProviderFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whatever goes wrong, what has to be true is true; and where it is not, that is found.
@Timeout(2400)
class ChaosIT {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosIT.class);
  private static final int AT_ONCE = 8;

  private static final int IN_A_WORLD = 60;

  /// Fewer: `-Dpenguin.chaos.seeds=N`.
  private static final long SEEDS = Long.getLong("penguin.chaos.seeds", 2 * IN_A_WORLD);

  /// What so few runs need that none of them may have met a fault there; and what no run needs yet:
  /// sweeps.
  private static final Set<String> SELDOM =
      Set.of(
          "Certificate.HideChallenges",
          "Mailbox.EndGrace",
          "Mailbox.MakeLogins",
          "Order.ConfirmNotBought",
          "Order.Park",
          "Server.Retire",
          "Setup.EndHold",
          "Setup.MoveDomain",
          "Sweep.Compare",
          "Sweep.LookAtDomains",
          "Sweep.LookAtHosts",
          "Sweep.MendOf",
          "Sweep.Rename",
          "Sweep.Repaired",
          "Sweep.SetReverseName",
          "Triage.AwaitMoved",
          "Triage.ReplaceServer",
          "Triage.SwitchOff");

  private final Aims aims = new Aims(AllActivities.types());

  @Test
  void nothingIsBoughtTwiceLostOrOrphaned(@TempDir Path directory) throws Exception {
    var runs = new ArrayList<RunLine>();
    for (long first = 1; first <= SEEDS; first += IN_A_WORLD) {
      long seed = first;
      var some = LongStream.range(first, Math.min(SEEDS + 1, first + IN_A_WORLD)).boxed();
      var kind =
          new ChaosWorld.Kind(
              directory.resolve("world-" + first), isInVault(first), Optional.empty(), List.of());
      runs.addAll(
          run(
              kind,
              some.toList(),
              ChaosRun.LIMIT,
              chaos -> chaos.letDie(aims, Deaths.OFTEN, seed)));
    }

    var summary = new Summary("this", runs, AllActivities.types());
    var said = String.join("\n", summary.lines());
    LOG.info("{}", said);
    assertThat(summary.violated()).isEmpty();
    assertThat(runs).hasSize((int) SEEDS);
    assertThat(summary.faults().keySet())
        .containsAll(Stream.of(Fault.values()).map(Fault::name).toList());
    assertThat(runs)
        .extracting(RunLine::story)
        .containsAll(Stream.of(Story.values()).map(Story::name).toList());
    assertThat(runs).extracting(RunLine::state).containsOnly("DONE", "CANCELLED");
    assertThat(runs)
        .extracting(run -> run.story() + " " + run.state())
        .contains("CANCEL CANCELLED", "MISTAKE DONE");
    assertThat(summary.untouched()).isSubsetOf(SELDOM);
    assertThat(runs.stream().flatMap(run -> run.deaths().keySet().stream()))
        .as("died in the middle of the work")
        .anyMatch(death -> death.matches("WORKER .+ (BEFORE|AFTER)"))
        .anyMatch(death -> death.matches("TEMPORAL .+ (BEFORE|AFTER)"))
        .anyMatch(death -> death.matches("POSTGRESQL .+ (BEFORE|AFTER)"))
        .anyMatch(death -> death.matches("VAULT .+ (BEFORE|AFTER)"));
  }

  /// Every second world.
  private static boolean isInVault(long first) {
    return first / IN_A_WORLD % 2 == 1;
  }

  static List<Arguments> brokenBuilds() {
    return List.of(
        Arguments.of(BrokenSellers.BlindRetry.class, "2 servers billed for one order"),
        Arguments.of(BrokenSellers.CompensatesBeforeTheCall.class, "the ledger has"),
        Arguments.of(BrokenSellers.RenamesBeforeItIsValidated.class, "is no order's"));
  }

  /// The tests of the test. Each is caught by the first seeds in which the answer to the purchase
  /// is lost.
  @ParameterizedTest
  @MethodSource("brokenBuilds")
  void aBrokenBuildIsCaught(Class<?> broken, String violation, @TempDir Path directory)
      throws Exception {
    var seeds = LongStream.range(1, 2_000).filter(ChaosIT::losesThePurchase).limit(2).boxed();

    var kind = new ChaosWorld.Kind(directory, false, Optional.empty(), List.of(broken));
    var runs = run(kind, seeds.toList(), Duration.ofMinutes(1), _ -> {});

    assertThat(runs).flatExtracting(RunLine::violations).anyMatch(one -> one.contains(violation));
  }

  private static boolean losesThePurchase(long seed) {
    var choice = new FaultChoice(seed);
    var met = choice.at(new Attempt("server", "Order.Buy", 0, 1));
    return Story.of(choice) == Story.PROOF
        && met.filter(one -> one.faults().equals(List.of(Fault.WRONG_ANSWER)))
            .filter(one -> WrongAnswers.ofSeller(one.dice()) instanceof ProviderFault.AnswerLost)
            .isPresent();
  }

  private static List<RunLine> run(
      ChaosWorld.Kind kind, List<Long> seeds, Duration limit, Consumer<ChaosWorld> before)
      throws InterruptedException {
    try (var chaos = ChaosWorld.start(kind)) {
      before.accept(chaos);
      return chaos.play(seeds, AT_ONCE, limit, "this", _ -> {});
    }
  }
}
