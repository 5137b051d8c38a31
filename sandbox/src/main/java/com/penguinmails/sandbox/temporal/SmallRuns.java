package com.penguinmails.sandbox.temporal;

import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.sandbox.process.LogFile;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.Priority;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// For `bench/cluster`: the same small runs, each of five activities that do nothing, on the
/// development server and on the one of `deploy/`, by turns. Says after each round which server it
/// was, how long it took, and how much processor the server took with its PostgreSQL: a line of
/// `name milliseconds milliseconds` each. The first round of each warms up. Last, what each takes
/// in a minute without work.
///
/// Arguments: an empty directory, rounds, runs in each.
public final class SmallRuns {
  private static final int ACTIVITIES = 5;
  private static final int AT_ONCE = 40;
  private static final int TENANTS = 8;
  private static final String QUEUE = "small-runs";
  private static final long MS_A_TICK = 10; // USER_HZ is 100 on every Linux that Java runs on
  private static final Duration WITHOUT_WORK = Duration.ofMinutes(1);

  private final String name;
  private final LongSupplier processor;
  private final WorkflowServiceStubs service;
  private final WorkflowClient client;
  private final WorkerFactory worker;
  private int round;

  private SmallRuns(String name, TemporalServer server, LongSupplier processor) {
    this.name = name;
    this.processor = processor;
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(server.target())
                .validateAndBuildWithDefaults());
    client =
        WorkflowClient.newInstance(
            service,
            WorkflowClientOptions.newBuilder().setNamespace(TemporalServer.NAMESPACE).build());
    worker = WorkerFactory.newInstance(client);
    var types = worker.newWorker(QUEUE);
    types.registerWorkflowImplementationTypes(SmallRunImpl.class);
    types.registerActivitiesImplementations((SmallActivities) () -> {});
    worker.start();
  }

  @WorkflowInterface
  public interface SmallRun {
    @WorkflowMethod(name = "SmallRun")
    void run();
  }

  @ActivityInterface(namePrefix = "Small.")
  public interface SmallActivities {
    void doNothing();
  }

  public static final class SmallRunImpl implements SmallRun {
    private final SmallActivities activities =
        Workflow.newActivityStub(
            SmallActivities.class,
            ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofMinutes(1)).build());

    @Override
    public void run() {
      for (int i = 0; i < ACTIVITIES; i++) {
        activities.doNothing();
      }
    }
  }

  public static void main(String[] arguments) throws InterruptedException {
    var directory = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    int runs = Integer.parseInt(arguments[2]);
    LogFile.use(directory.resolve("log"));
    try (var file = TemporalServer.start(place(directory, "file"));
        var database = EmbeddedDatabase.start(directory.resolve("postgres"));
        var cluster = TemporalServer.start(place(directory, "cluster"), database, "bench")) {
      var both =
          List.of(
              new SmallRuns("file", file, () -> ofProcess(file.pid())),
              new SmallRuns(
                  "cluster", cluster, () -> ofProcess(cluster.pid()) + ofProcess(database.pid())));
      for (int i = 0; i <= rounds; i++) {
        for (var one : both) {
          one.measure(runs, i == 0 ? "warm-up-" : "");
        }
      }
      both.forEach(SmallRuns::stopWorker); // one that polls is work for its server
      for (var one : both) {
        one.measureRest();
      }
    }
  }

  private static TemporalServer.Place place(Path directory, String name) {
    return TemporalServer.Place.in(directory.resolve(name));
  }

  private void measure(int runs, String prefix) throws InterruptedException {
    round++;
    long before = processor.getAsLong();
    var began = Instant.now();
    runAll(runs);
    var took = Duration.between(began, Instant.now());
    long used = processor.getAsLong() - before;
    System.out.println(prefix + name + " " + took.toMillis() + " " + used);
  }

  private void runAll(int runs) throws InterruptedException {
    var free = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, runs)
              .mapToObj(number -> CompletableFuture.runAsync(() -> runOne(free, number), threads))
              .toList();
      all.forEach(CompletableFuture::join);
    }
  }

  private void runOne(Semaphore free, int number) {
    free.acquireUninterruptibly();
    try {
      WorkflowStub run =
          client.newUntypedWorkflowStub(
              "SmallRun",
              WorkflowOptions.newBuilder()
                  .setWorkflowId("small/%d/%d".formatted(round, number))
                  .setTaskQueue(QUEUE)
                  .setPriority(
                      Priority.newBuilder().setFairnessKey("tenant" + number % TENANTS).build())
                  .build());
      run.start();
      run.getResult(Void.class);
    } finally {
      free.release();
    }
  }

  private void stopWorker() {
    worker.shutdown();
    worker.awaitTermination(10, TimeUnit.SECONDS);
  }

  private void measureRest() throws InterruptedException {
    long before = processor.getAsLong();
    Thread.sleep(WITHOUT_WORK);
    System.out.println(
        "rest-%s %d %d".formatted(name, WITHOUT_WORK.toMillis(), processor.getAsLong() - before));
    service.shutdownNow();
  }

  /// Processor time so far of a process and all that it started, in ms; also of those that ended.
  private static long ofProcess(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .mapToLong(process -> MS_A_TICK * ticks(process.pid()))
        .sum();
  }

  /// utime, stime, and cutime, cstime of ended children (proc(5), stat); 0 of one that just ended.
  private static long ticks(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return Stream.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "))
          .skip(11)
          .limit(4)
          .mapToLong(Long::parseLong)
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
