package com.penguinmails.worker.staff;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.workflows.temporal.codec.CodecKeys;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// Temporal, as a member of staff speaks to it. Nothing is connected before it is used. Close it
/// after use.
final class StaffTemporal implements AutoCloseable {
  private final StaffSettings settings;
  private final WorkflowServiceStubs stubs;
  private final WorkflowClient client;

  /// @throws NotTaken the keys of the payloads cannot be read
  StaffTemporal(StaffSettings settings) {
    this.settings = settings;
    var keys = keys(settings.codecKeys());
    var options =
        WorkflowServiceStubsOptions.newBuilder()
            .setTarget(settings.temporal())
            .setEnableHttps(settings.isTemporalTls());
    settings.temporalApiKey().ifPresent(key -> options.addApiKey(() -> key));
    stubs = WorkflowServiceStubs.newServiceStubs(options.build());
    client =
        WorkflowClient.newInstance(
            stubs,
            WorkflowClientOptions.newBuilder()
                .setNamespace(settings.namespace())
                .setDataConverter(
                    PenguinDataConverter.with(CodecKeys.of(keys.currentId(), keys.keys())))
                .setIdentity("staff")
                .build());
  }

  WorkflowClient client() {
    return client;
  }

  WorkflowServiceStubs stubs() {
    return stubs;
  }

  /// Host and port.
  String address() {
    return settings.temporal();
  }

  String namespace() {
    return settings.namespace();
  }

  private static KeyFile keys(Path file) {
    try {
      return KeyFile.open(file);
    } catch (IllegalStateException | UncheckedIOException e) {
      throw new NotTaken(
          "The keys of the payloads are needed, as the worker has them: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    stubs.shutdownNow();
  }
}
