package com.penguinmails.sandbox.temporal;

import com.google.protobuf.util.Durations;
import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.process.LoopbackPort;
import com.penguinmails.sandbox.process.PinnedTool;
import com.penguinmails.workflows.temporal.SearchColumns;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.namespace.v1.NamespaceConfig;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.RegisterNamespaceRequest;
import io.temporal.api.workflowservice.v1.UpdateNamespaceRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A real Temporal whose histories survive `kill` and a new start, with a namespace of its own, 30
/// days of retention and our search attributes. Either `temporal server start-dev` with a file
/// database, one history shard and SQLite: right for a demo and for tests, not for production. Or
/// the server of `deploy/`, on PostgreSQL.
public final class TemporalServer implements AutoCloseable {
  /// The namespace of the sandbox.
  public static final String NAMESPACE = "penguin";

  /// How long histories are kept after their end. The server's own default is three days.
  public static final Duration RETENTION = Duration.ofDays(30);

  private static final Duration COME_UP = Duration.ofSeconds(90);
  private static final Duration ONE_CALL = Duration.ofSeconds(5);

  private final Place place;
  private final Supplier<ChildProcess> launch;
  private ChildProcess process;

  private TemporalServer(Place place, Supplier<ChildProcess> launch) {
    this.place = place;
    this.launch = launch;
    this.process = launch.get();
  }

  /// Where it keeps its files and listens, always on 127.0.0.1.
  ///
  /// @param directory database, log and pid file
  /// @param port gRPC
  /// @param uiPort Web UI
  /// @param codec where the Web UI has payloads decrypted; without it staff see ciphertext
  public record Place(Path directory, int port, int uiPort, Optional<URI> codec) {
    /// Free ports, chosen now.
    public static Place in(Path directory) {
      return new Place(directory, LoopbackPort.choose(), LoopbackPort.choose(), Optional.empty());
    }

    /// The same place with a codec endpoint for the Web UI.
    public Place withCodec(URI endpoint) {
      return new Place(directory, port, uiPort, Optional.of(endpoint));
    }
  }

  /// Starts the pinned development server and returns when it answers and its namespace is ready.
  ///
  /// @throws IllegalStateException it ended or did not answer in time; the message has its last
  ///   words
  public static TemporalServer start(Place place) {
    return start(place, () -> launch(place));
  }

  /// As [#start(Place)], but the server of `deploy/`: it keeps its rows in databases of this
  /// PostgreSQL, which are made when they are not there, and has no Web UI.
  ///
  /// @param password of its role there
  public static TemporalServer start(Place place, EmbeddedDatabase database, String password) {
    var onPostgres = new PostgresTemporal(place, database, password);
    onPostgres.prepareDatabases();
    return start(place, onPostgres::launch);
  }

  private static TemporalServer start(Place place, Supplier<ChildProcess> launch) {
    var server = new TemporalServer(place, launch);
    try {
      server.prepare();
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /// Where clients connect: `127.0.0.1:<port>`.
  public String target() {
    return "127.0.0.1:" + place.port();
  }

  /// The Web UI's list of our runs; of a development server.
  public URI ui() {
    return URI.create(
        "http://127.0.0.1:" + place.uiPort() + "/namespaces/" + NAMESPACE + "/workflows");
  }

  /// The database file of a development server.
  public Path database() {
    return database(place);
  }

  /// The server's log.
  public Path log() {
    return process.log();
  }

  /// The server's process id.
  public long pid() {
    return process.pid();
  }

  /// Whether its process runs.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// Takes it down without warning. Clients get errors until `restart`.
  public void kill() {
    process.kill();
  }

  /// Starts it again on the same rows and ports. Stops it first when it runs.
  public void restart() {
    process.close();
    process = launch.get();
    prepare();
  }

  @Override
  public void close() {
    process.close();
  }

  private static Path database(Place place) {
    return place.directory().resolve("temporal.db");
  }

  private static ChildProcess launch(Place place) {
    var command = new ArrayList<String>();
    command.add(PinnedTool.TEMPORAL.executable().toString());
    command.addAll(List.of("server", "start-dev", "--ip", "127.0.0.1", "--log-level", "warn"));
    command.addAll(List.of("--port", Integer.toString(place.port())));
    command.addAll(List.of("--ui-port", Integer.toString(place.uiPort())));
    command.addAll(List.of("--db-filename", database(place).toAbsolutePath().toString()));
    // 2.5 times the throughput of the default rollback journal; the server sets neither itself.
    command.addAll(List.of("--sqlite-pragma", "journal_mode=WAL"));
    command.addAll(List.of("--sqlite-pragma", "synchronous=NORMAL"));
    // Off by default: without it the tenant's fairness key is ignored.
    command.addAll(List.of("--dynamic-config-value", "matching.enableFairness=true"));
    // Turns are taken within a partition only.
    for (var partitions : List.of("numTaskqueueReadPartitions", "numTaskqueueWritePartitions")) {
      command.addAll(List.of("--dynamic-config-value", "matching." + partitions + "=1"));
    }
    place.codec().ifPresent(uri -> command.addAll(List.of("--ui-codec-endpoint", uri.toString())));
    return ChildProcess.start(
        new ChildProcess.Launch("temporal", command, place.directory().toAbsolutePath()));
  }

  private void prepare() {
    var service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(target())
                .setRpcTimeout(ONE_CALL)
                .validateAndBuildWithDefaults());
    var operator =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setTarget(target())
                .setRpcTimeout(ONE_CALL)
                .validateAndBuildWithDefaults());
    try {
      untilItAnswers(() -> ensureNamespace(service));
      untilItAnswers(() -> ensureSearchAttributes(operator));
      // A server of several services hears of new attributes some seconds later.
      untilItAnswers(() -> searchByAll(service));
    } finally {
      operator.shutdownNow();
      service.shutdownNow();
    }
  }

  private void untilItAnswers(Runnable call) {
    var deadline = Instant.now().plus(COME_UP);
    while (true) {
      try {
        call.run();
        return;
      } catch (StatusRuntimeException e) {
        if (!process.isAlive() || Instant.now().isAfter(deadline)) {
          throw new IllegalStateException(
              "Temporal at %s (%s) did not come up: %s; its last words:%n%s"
                  .formatted(target(), place.directory(), e.getStatus(), process.lastWords(20)),
              e);
        }
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  private static void ensureNamespace(WorkflowServiceStubs service) {
    var stub = service.blockingStub();
    var retention = Durations.fromSeconds(RETENTION.toSeconds());
    try {
      var found =
          stub.describeNamespace(
              DescribeNamespaceRequest.newBuilder().setNamespace(NAMESPACE).build());
      if (!found.getConfig().getWorkflowExecutionRetentionTtl().equals(retention)) {
        var _ =
            stub.updateNamespace(
                UpdateNamespaceRequest.newBuilder()
                    .setNamespace(NAMESPACE)
                    .setConfig(
                        NamespaceConfig.newBuilder().setWorkflowExecutionRetentionTtl(retention))
                    .build());
      }
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
        throw e;
      }
      var _ =
          stub.registerNamespace(
              RegisterNamespaceRequest.newBuilder()
                  .setNamespace(NAMESPACE)
                  .setDescription("PenguinMails sandbox")
                  .setWorkflowExecutionRetentionPeriod(retention)
                  .build());
    }
  }

  private static void searchByAll(WorkflowServiceStubs service) {
    var query =
        SearchColumns.ALL.stream()
            .map(attribute -> attribute.getName() + " = 'none'")
            .collect(Collectors.joining(" AND "));
    var _ =
        service
            .blockingStub()
            .countWorkflowExecutions(
                CountWorkflowExecutionsRequest.newBuilder()
                    .setNamespace(NAMESPACE)
                    .setQuery(query)
                    .build());
  }

  private static void ensureSearchAttributes(OperatorServiceStubs operator) {
    var stub = operator.blockingStub();
    var known =
        stub.listSearchAttributes(
                ListSearchAttributesRequest.newBuilder().setNamespace(NAMESPACE).build())
            .getCustomAttributesMap();
    var missing = AddSearchAttributesRequest.newBuilder().setNamespace(NAMESPACE);
    for (var attribute : SearchColumns.ALL) {
      if (!known.containsKey(attribute.getName())) {
        missing.putSearchAttributes(
            attribute.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
      }
    }
    if (missing.getSearchAttributesCount() > 0) {
      var _ = stub.addSearchAttributes(missing.build());
    }
  }
}
