package com.penguinmails.sandbox.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.vps.ProviderFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever goes wrong, what has to be true is true; and where it is not, that is found.
@Timeout(1200)
class ChaosIT {
  private static final int AT_ONCE = 6;

  /// More of them: `./penguin chaos`.
  private static final List<Long> SEEDS = LongStream.rangeClosed(1, 40).boxed().toList();

  @Test
  void nothingIsBoughtTwiceLostOrOrphaned(@TempDir Path directory) throws Exception {
    var runs = run(SEEDS, directory, ChaosRun.LIMIT, chaos -> chaos.letDie(1));

    var summary = new Summary("this", runs, AllActivities.types());
    assertThat(summary.violations()).as("%s", String.join("\n", summary.lines())).isZero();
    assertThat(runs).hasSameSizeAs(SEEDS);
    assertThat(summary.faults().keySet())
        .containsExactlyInAnyOrderElementsOf(
            List.of(Fault.values()).stream().map(Fault::name).toList());
    assertThat(runs).extracting(RunLine::story).contains("PROOF", "CANCEL", "RETIRE", "MAILBOXES");
    assertThat(runs).extracting(RunLine::state).containsOnly("DONE", "CANCELLED");
    assertThat(runs.stream().flatMap(run -> run.deaths().keySet().stream()))
        .contains("POSTGRESQL", "TEMPORAL", "WORKER");
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

    var runs = run(seeds.toList(), directory, Duration.ofMinutes(1), _ -> {}, broken);

    assertThat(runs).flatExtracting(RunLine::violations).anyMatch(one -> one.contains(violation));
  }

  private static boolean losesThePurchase(long seed) {
    var choice = new FaultChoice(seed);
    var met = choice.at(new Attempt("server", "Order.Buy", 0, 1));
    return Story.of(choice) == Story.PROOF
        && met.filter(one -> one.fault() == Fault.WRONG_ANSWER)
            .filter(one -> WrongAnswers.ofSeller(one.dice()) instanceof ProviderFault.AnswerLost)
            .isPresent();
  }

  private static List<RunLine> run(
      List<Long> seeds,
      Path directory,
      Duration limit,
      Consumer<ChaosWorld> before,
      Class<?>... broken)
      throws InterruptedException {
    try (var chaos = ChaosWorld.start(directory.resolve("world"), broken);
        var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      before.accept(chaos);
      var runs =
          threads.invokeAll(
              seeds.stream()
                  .<Callable<RunLine>>map(
                      seed -> () -> new ChaosRun(chaos, seed, limit).run("this"))
                  .toList());
      return runs.stream().map(Future::resultNow).toList();
    }
  }
}
