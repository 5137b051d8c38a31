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
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Recorded histories: where they are, and the key they are encrypted with. The key is for tests
/// only; nothing secret is in these histories.
public final class GoldenHistories {
  /// All of them, in a directory for each release; seen from the module that holds them.
  public static final Path DIRECTORY = Path.of("src", "test", "resources", "histories");

  private static final Path POM = Path.of("..", "pom.xml");
  private static final Pattern REVISION =
      Pattern.compile("<revision>([0-9.]+)-SNAPSHOT</revision>");

  private GoldenHistories() {}

  /// Those of a release.
  ///
  /// @param release such as `0.1.0`
  public static Path of(String release) {
    return DIRECTORY.resolve(release);
  }

  /// The release that is being made.
  ///
  /// @throws IllegalStateException none is: the POM names no `-SNAPSHOT`
  public static String comingRelease() throws IOException {
    var revision = REVISION.matcher(Files.readString(POM));
    if (!revision.find()) {
      throw new IllegalStateException(
          "The version in pom.xml is no -SNAPSHOT: histories of a release are not added to");
    }
    return revision.group(1);
  }

  /// Keeps a history of the release that is being made, once: what was recorded is never recorded
  /// again.
  ///
  /// @param kind of workflow, such as `setup`
  /// @param path what happens in it
  public static void keep(WorkflowExecutionHistory history, String kind, String path)
      throws IOException {
    var directory = Files.createDirectories(of(comingRelease()).resolve(kind));
    Files.writeString(
        directory.resolve(path + ".json"), history.toJson(true), StandardOpenOption.CREATE_NEW);
  }

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
