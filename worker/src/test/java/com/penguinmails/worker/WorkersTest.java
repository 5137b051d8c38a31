package com.penguinmails.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
  private final int port = freePort();
  private final WorkflowServiceStubs stubs =
      WorkflowServiceStubs.newServiceStubs(
          WorkflowServiceStubsOptions.newBuilder()
              .setTarget("127.0.0.1:" + port)
              .setRpcTimeout(Duration.ofSeconds(1))
              .build());
  private final WorkerFactory factory =
      WorkerFactory.newInstance(WorkflowClient.newInstance(stubs));
  private final Workers workers = new Workers(factory, Duration.ofMillis(100));

  @AfterEach
  void stop() {
    workers.stop();
    stubs.shutdownNow();
  }

  @Test
  void pollsWhenTemporalComesLater() {
    workers.start();
    assertThat(factory.isStarted()).isFalse();
    assertThat(workers.isRunning()).isTrue();

    try (var _ = TestServer.createPortBoundServer(port)) {
      await().atMost(Duration.ofSeconds(30)).until(factory::isStarted);
      workers.stop();
    }
    assertThat(workers.isRunning()).isFalse();
  }

  @Test
  void stopsWhileItWaits() {
    workers.start();
    workers.stop();

    assertThat(workers.isRunning()).isFalse();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
