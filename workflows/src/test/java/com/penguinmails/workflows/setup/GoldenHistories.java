package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.temporal.codec.AesGcmPayloadCodec;
import com.penguinmails.workflows.temporal.codec.CodecKeys;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.history.v1.History;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.DataConverter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Recorded histories: where they are, and the key they are encrypted with. The key is for tests
/// only; nothing secret is in these histories.
public final class GoldenHistories {
  /// Seen from the module that holds them.
  public static final Path DIRECTORY = Path.of("src", "test", "resources", "histories");

  private GoldenHistories() {}

  /// A history as the server answered it, up to where it was ended from outside: what a rehearsal
  /// started ends with it, which is no decision of its code.
  public static WorkflowExecutionHistory read(Path file) throws IOException {
    var history = WorkflowExecutionHistory.fromJson(Files.readString(file));
    var events = history.getEvents();
    return events.getLast().hasWorkflowExecutionTerminatedEventAttributes()
        ? new WorkflowExecutionHistory(
            History.newBuilder().addAllEvents(events.subList(0, events.size() - 1)).build())
        : history;
  }

  static DataConverter converter() {
    return PenguinDataConverter.with(keys());
  }

  /// The payload decrypted; one that was never encrypted comes back as it is.
  static Payload clear(Payload payload) {
    return new AesGcmPayloadCodec(keys()).decode(List.of(payload)).getFirst();
  }

  private static CodecKeys keys() {
    var key = new byte[32];
    Arrays.fill(key, (byte) 42);
    return CodecKeys.of("golden", Map.of("golden", key));
  }

  /// What a client needs to read them.
  public static WorkflowClientOptions clientOptions() {
    return WorkflowClientOptions.newBuilder().setDataConverter(converter()).build();
  }
}
