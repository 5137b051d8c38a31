package com.penguinmails.sandbox.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import com.penguinmails.workflows.temporal.SearchColumns;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporalServerIT {
  @TempDir Path directory;

  @Test
  void keepsHistoriesSearchAttributesAndRetentionThroughAKill() throws Exception {
    try (var server = TemporalServer.start(TemporalServer.Place.in(directory))) {
      startARunNobodyServes(server);

      server.kill();
      assertThat(server.isAlive()).isFalse();
      server.restart();

      var service = connect(server);
      try {
        var described =
            WorkflowClient.newInstance(service, inNamespace())
                .newUntypedWorkflowStub("setup/kept")
                .describe();
        assertThat(described.getStatus())
            .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
        assertThat(described.getTypedSearchAttributes().get(SearchColumns.STAGE))
            .isEqualTo("STARTED");
        var namespace =
            service
                .blockingStub()
                .describeNamespace(
                    DescribeNamespaceRequest.newBuilder()
                        .setNamespace(TemporalServer.NAMESPACE)
                        .build());
        assertThat(Durations.toDays(namespace.getConfig().getWorkflowExecutionRetentionTtl()))
            .isEqualTo(30);
      } finally {
        service.shutdownNow();
      }
      assertThat(Files.exists(directory.resolve("temporal.db-wal"))).isTrue();
      assertThat(statusOf(server.ui())).isEqualTo(200);
    }
  }

  @Test
  void diesWithItsJvmEvenWhenThatIsKilled() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var pidFile = directory.resolve("temporal.pid");
    var jvm =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                LonelyServer.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("jvm.log").toFile())
            .start();
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.exists(directory.resolve("ready")) || !jvm.isAlive());
      var written = Files.readString(pidFile);
      var temporal =
          ProcessHandle.of(Long.parseLong(written, 0, written.indexOf(' '), 10)).orElseThrow();
      assertThat(jvm.isAlive()).isTrue();
      assertThat(temporal.isAlive()).isTrue();

      jvm.destroyForcibly();

      await().atMost(Duration.ofSeconds(20)).until(() -> !temporal.isAlive());
    } finally {
      jvm.destroyForcibly();
    }
  }

  private static void startARunNobodyServes(TemporalServer server) {
    var service = connect(server);
    try {
      WorkflowClient.newInstance(service, inNamespace())
          .newUntypedWorkflowStub(
              "SetupWorkflow",
              WorkflowOptions.newBuilder()
                  .setWorkflowId("setup/kept")
                  .setTaskQueue("nobody-listens")
                  .setTypedSearchAttributes(
                      attributes().set(SearchColumns.STAGE, "STARTED").build())
                  .build())
          .start();
    } finally {
      service.shutdownNow();
    }
  }

  private static SearchAttributes.Builder attributes() {
    return SearchAttributes.newBuilder();
  }

  private static WorkflowClientOptions inNamespace() {
    return WorkflowClientOptions.newBuilder().setNamespace(TemporalServer.NAMESPACE).build();
  }

  private static WorkflowServiceStubs connect(TemporalServer server) {
    return WorkflowServiceStubs.newServiceStubs(
        WorkflowServiceStubsOptions.newBuilder().setTarget(server.target()).build());
  }

  private static int statusOf(URI uri) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
