package com.penguinmails.sandbox.demo;

import com.penguinmails.sandbox.docker.NoDockerEngine;
import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.process.LogFile;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.workflows.model.DomainName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./penguin demo`: starts everything, sets one tenant up end to end on a server that is bought,
/// shows it live, and stays until Ctrl-C. A second start resumes from its files.
@Command(
    name = "penguin demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Sets one tenant up end to end on this machine, and shows it live.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:the mailbox was proved", "1:it was not", "2:wrong usage"},
    footer = "With --remove: 0, all of it is gone.")
public final class Demo implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--domain", description = "the domain to set up (default: ${DEFAULT-VALUE})")
  private String domain = "acme-outreach.test";

  @Option(names = "--dir", description = "where the demo keeps its files (${DEFAULT-VALUE})")
  private Path directory = Path.of(".penguin", "demo");

  @Option(
      names = "--docker",
      description = "use Docker hosts instead of simulated ones; needs a Docker engine")
  private boolean isDocker;

  @Option(names = "--fresh", description = "forget what an earlier demo made, and begin anew")
  private boolean isFresh;

  @Option(names = "--remove", description = "remove what the demo left here, and start nothing")
  private boolean isRemoval;

  @Option(names = "--once", description = "end when the set-up has ended, instead of staying")
  private boolean isOnce;

  @Option(names = "--json", description = "one JSON object per line instead of text")
  private boolean isJson;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicInteger exitCode = new AtomicInteger(1);

  public static void main(String[] arguments) {
    int code = new CommandLine(new Demo()).execute(arguments);
    System.exit(code);
  }

  @Override
  public Integer call() {
    var started = Instant.now();
    var name = domainName();
    if (isRemoval) {
      return remove();
    }
    makeDirectory();
    LogFile.use(directory.resolve("demo.log"));
    var out = spec.commandLine().getOut();
    var screen =
        isJson ? Screen.json(out) : Screen.text(out, started, Screen.Look.of(System.getenv()));
    var main = Thread.currentThread();
    var onExit = Thread.ofPlatform().name("demo-stop").unstarted(() -> stop(main));
    Runtime.getRuntime().addShutdownHook(onExit);
    ChildProcess.leaveStoppingToTheOwner();
    try {
      exitCode.set(run(screen, name, started));
    } catch (NoDockerEngine none) {
      exitCode.set(failed(String.valueOf(none.getMessage())));
    } catch (RuntimeException e) {
      exitCode.set(asked.getCount() == 0 ? 1 : failed(reason(e)));
    } finally {
      screen.close();
      stopped.countDown();
    }
    return exitCode.get();
  }

  private int run(Screen screen, DomainName name, Instant started) {
    screen.line(
        "Starting PostgreSQL, Temporal, DNS, a certificate authority and a probe host"
            + (isDocker ? " (the first time builds their images: some minutes)" : ""));
    var plan = SandboxWorld.Plan.in(directory, depth(), screen::isUp);
    if (isFresh) {
      SandboxWorld.forget(plan);
    }
    try (var world = SandboxWorld.start(plan);
        var product =
            RunningProduct.start(
                world,
                Map.of(
                    "penguin.worker.account-sweep-every",
                    "1m",
                    "penguin.worker.domain-sweep-every",
                    "1m",
                    "penguin.worker.host-sweep-every",
                    "1m"));
        var client = DemoTenant.of(world).client()) {
      screen.line(
          "✓ Worker and API are up; everything runs after "
              + Screen.seconds(Duration.between(started, Instant.now())));
      try {
        return show(screen, name, world, client, started) && product.worker().isActive() ? 0 : 1;
      } finally {
        screen.line("Stopping …");
        var _ = Thread.interrupted(); // Ctrl-C woke us; stopping takes its time all the same
      }
    } finally {
      screen.line(
          "Stopped. Files in %s%s are kept for the next start; --remove takes them away."
              .formatted(directory, plan.depth() == Depth.DOCKER ? " and stopped containers" : ""));
    }
  }

  private int remove() {
    try {
      SandboxWorld.forget(SandboxWorld.Plan.in(directory, depth(), (_, _) -> {}));
      for (var left : List.of("demo.log", "lock")) {
        Files.deleteIfExists(directory.resolve(left));
      }
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException others) {
      LOG.atDebug().setCause(others).log("The directory holds more than the demo's files");
    } catch (NoDockerEngine none) {
      return failed(String.valueOf(none.getMessage()));
    } catch (IOException | IllegalStateException e) {
      return failed("%s cannot be removed: %s".formatted(directory, e.getMessage()));
    }
    spec.commandLine().getOut().println("Removed: all of the demo in " + directory);
    return 0;
  }

  /// As asked; else as it is there already.
  private Depth depth() {
    if (isDocker) {
      return Depth.DOCKER;
    }
    return isFresh ? Depth.SIMULATED : SandboxWorld.depthIn(directory).orElse(Depth.SIMULATED);
  }

  /// @return whether the mailbox is proved
  private boolean show(
      Screen screen, DomainName name, SandboxWorld world, TenantClient client, Instant started) {
    var ordered = order(screen, name, world, client);
    if (ordered.isEmpty()) {
      return false;
    }
    var links = Screen.Links.of(world, client.viewLink(ordered), ordered);
    screen.line("Follow it in a browser too: " + links.page());
    client.follow(ordered, screen::event);
    var whole = client.look(ordered).body();
    screen.end(whole, links, world.depth(), Duration.between(started, Instant.now()));
    boolean isProved = whole.path("state").asText().equals("DONE");
    exitCode.set(isProved ? 0 : 1);
    if (!isOnce) {
      screen.line("Ctrl-C (or SIGTERM) ends the demo; the next start shows it again.");
      awaitCtrlC();
    }
    return isProved;
  }

  /// The set-up of an earlier start, or a new one.
  private String order(Screen screen, DomainName name, SandboxWorld world, TenantClient client) {
    var known = world.recall("setup." + name);
    if (known.isPresent()) {
      screen.line("Going on with set-up " + known.get() + " of an earlier start");
      return known.get();
    }
    var answer = client.order("demo-" + name, DemoTenant.of(world).purchase(name));
    if (answer.status() >= 300) {
      failed("The API refused the order: " + answer.body().toPrettyString());
      return "";
    }
    var id = answer.body().path("id").asText();
    return world.remember("setup." + name, () -> id);
  }

  private void awaitCtrlC() {
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the shutdown hook woke us
    }
  }

  /// Ctrl-C: wakes the main thread, which stops everything in order, and waits for it.
  private void stop(Thread main) {
    if (stopped.getCount() == 0) {
      return;
    }
    asked.countDown();
    main.interrupt();
    try {
      if (!stopped.await(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        failed("Not everything stopped within " + STOP_LIMIT.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode.get()); // else the code says "killed by a signal"
  }

  private DomainName domainName() {
    try {
      var name = DomainName.parse(domain);
      if (!name.value().endsWith(".test")) {
        throw new ParameterException(
            spec.commandLine(), "--domain must end in .test: nothing here is on the Internet");
      }
      return name;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--domain: " + e.getMessage(), e);
    }
  }

  private void makeDirectory() {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be made", e);
    }
  }

  private int failed(String why) {
    var err = spec.commandLine().getErr();
    err.println(why);
    err.flush();
    return 1;
  }

  private String reason(RuntimeException e) {
    LOG.atError().setCause(e).log("The demo ended");
    return "The demo cannot go on: %s%nMore in %s"
        .formatted(e.getMessage(), directory.resolve("demo.log"));
  }
}
