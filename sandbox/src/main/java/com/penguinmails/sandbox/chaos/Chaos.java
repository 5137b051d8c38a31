package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.process.LogFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./penguin chaos`: set-ups in a simulated world in which everything goes wrong, and what has to
/// be true all the same. Each run is appended to a file, so that several stretches make one volume.
@Command(
    name = "penguin chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs set-ups in which everything goes wrong, and checks what came of them.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:no violation", "1:violations, each with its seed", "2:wrong usage"})
public final class Chaos implements Callable<Integer> {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");
  private static final int MOST_AT_ONCE = 16;
  private static final int MOST = 1_000_000;
  private static final int MIN_DEATHS_EVERY = 4;
  private static final int MAX_DEATHS_EVERY = 3_600;

  private final Aims aims = new Aims(AllActivities.types());

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--runs", paramLabel = "N", description = "how many (default: ${DEFAULT-VALUE})")
  private int number = 20;

  @Option(names = "--seed", paramLabel = "S", description = "of the first run (default: random)")
  private Optional<Long> first = Optional.empty();

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      description = "these runs, instead of --runs and --seed")
  private Optional<String> range = Optional.empty();

  @Option(names = "--resume", description = "leave out runs that the file has of this commit")
  private boolean isResumed;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      description =
          "how many at the same time (default: ${DEFAULT-VALUE}); with fewer a seed meets more nearly its own faults")
  private int atOnce = 4;

  @Option(
      names = "--deaths-every",
      paramLabel = "SECONDS",
      description =
          "how long until the next process dies, on average (default: ${DEFAULT-VALUE}); a worker that starts takes as much processor as a whole run, so that more runs fit into an hour with fewer deaths")
  private int deathsEvery = (int) Deaths.OFTEN.toSeconds();

  @Option(
      names = "--fault",
      paramLabel = "ACTIVITY:FAULT",
      description =
          "instead of what the seed chooses, each first attempt of this activity meets this fault, and nobody dies; may be repeated")
  private List<String> named = List.of();

  @Option(names = "--file", description = "where runs are written down (default: ${DEFAULT-VALUE})")
  private Path file = Path.of(".penguin", "chaos", "runs.jsonl");

  @Option(names = "--commit", description = "what is tried; the file tells it with each run")
  private String commit = "unknown";

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Chaos()).execute(arguments));
  }

  @Override
  public Integer call() {
    var seeds = seeds();
    var faults = faults();
    var runs = runsFile();
    if (isResumed && !faults.isEmpty()) {
      throw wrong("--resume goes on with runs that their seeds decide: not with --fault");
    }
    LogFile.use(file.toAbsolutePath().resolveSibling("log"));
    LogFile.quiet("io.temporal"); // it warns of each attempt that goes wrong
    if (isResumed) {
      var earlier = runs.of(commit);
      earlier.forEach(run -> aims.remember(run.deaths().keySet()));
      var had = earlier.stream().map(RunLine::seed).collect(Collectors.toSet());
      seeds = seeds.stream().filter(seed -> !had.contains(seed)).toList();
    }
    if (!faults.isEmpty()) {
      commit += " " + String.join(" ", named); // none of the volume
    }
    var out = spec.commandLine().getOut();
    out.printf("%d runs at commit %s, %d at once%n", seeds.size(), commit, atOnce);
    var began = Instant.now();
    var done = run(seeds, faults, runs, out);
    out.printf(
        "%d runs took %d s%n", done.size(), Duration.between(began, Instant.now()).toSeconds());
    var all = isResumed ? runs.of(commit) : done;
    var summary = new Summary(commit, all, AllActivities.types());
    summary.lines().forEach(out::println);
    out.flush();
    return summary.violated().isEmpty() ? 0 : 1;
  }

  private List<Long> seeds() {
    if (number < 1 || number > MOST) {
      throw wrong("--runs takes 1 to 1000000");
    }
    if (atOnce < 1 || atOnce > MOST_AT_ONCE) {
      throw wrong("--at-once takes 1 to " + MOST_AT_ONCE);
    }
    if (deathsEvery < MIN_DEATHS_EVERY || deathsEvery > MAX_DEATHS_EVERY) {
      throw wrong("--deaths-every takes 4 to 3600 seconds");
    }
    var given = spec.commandLine().getParseResult();
    if (range.isPresent()
        && (given.hasMatchedOption("--runs") || given.hasMatchedOption("--seed"))) {
      throw wrong("--seeds says which runs: not with --runs or --seed");
    }
    if (range.isPresent()) {
      var matcher = RANGE.matcher(range.get());
      if (!matcher.matches()) {
        throw wrong("--seeds takes two whole numbers: 1..300");
      }
      long from = Long.parseLong(matcher.group(1));
      long to = Long.parseLong(matcher.group(2));
      if (from > to) {
        throw wrong("--seeds: %d comes after %d".formatted(from, to));
      }
      if (to - from >= MOST) {
        throw wrong("--seeds takes 1000000 of them at most");
      }
      return LongStream.rangeClosed(from, to).boxed().toList();
    }
    long from = first.orElseGet(() -> ThreadLocalRandom.current().nextLong(1_000_000_000));
    if (from < 0 || from > 999_999_999) {
      throw wrong("--seed takes 0 to 999999999");
    }
    return LongStream.range(from, from + number).boxed().toList();
  }

  private RunsFile runsFile() {
    try {
      return new RunsFile(file);
    } catch (IllegalArgumentException e) {
      throw wrong("--file: " + e.getMessage());
    }
  }

  private Optional<NamedFaults> faults() {
    try {
      return named.isEmpty()
          ? Optional.empty()
          : Optional.of(NamedFaults.of(named, AllActivities.types()));
    } catch (IllegalArgumentException e) {
      throw wrong("--fault: " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private List<RunLine> run(
      List<Long> seeds, Optional<NamedFaults> faults, RunsFile runs, PrintWriter out) {
    var done = new ArrayList<RunLine>();
    for (int i = 0; i < seeds.size(); i += ChaosWorld.RUNS) {
      var some = seeds.subList(i, Math.min(seeds.size(), i + ChaosWorld.RUNS));
      done.addAll(inOneWorld(some, faults, runs, out));
    }
    return done;
  }

  private List<RunLine> inOneWorld(
      List<Long> seeds, Optional<NamedFaults> faults, RunsFile runs, PrintWriter out) {
    long first = seeds.getFirst();
    boolean isInVault = new FaultChoice(first).random("vault").nextBoolean();
    var kind = new ChaosWorld.Kind(temporary(), isInVault, faults, List.of());
    try (var chaos = ChaosWorld.start(kind)) {
      if (faults.isEmpty()) {
        chaos.letDie(aims, Duration.ofSeconds(deathsEvery), first);
      }
      return chaos.play(seeds, atOnce, ChaosRun.LIMIT, commit, line -> tell(line, runs, out));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped", stopping);
    }
  }

  private static void tell(RunLine line, RunsFile runs, PrintWriter out) {
    runs.append(line);
    out.printf(
        "seed %-9d %-9s %-10s %3d faults %4d s%s%n",
        line.seed(),
        line.story(),
        line.state(),
        line.faults().values().stream().mapToInt(Integer::intValue).sum(),
        line.millis() / 1000,
        line.violations().isEmpty() ? "" : "  " + line.violations());
    out.flush();
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("penguin-chaos");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory", e);
    }
  }
}
