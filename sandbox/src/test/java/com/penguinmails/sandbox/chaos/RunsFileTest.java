package com.penguinmails.sandbox.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsFileTest {
  @TempDir private Path directory;

  @Test
  void severalStretchesMakeOneVolumeOfACommit() {
    var file = new RunsFile(directory.resolve("new/runs.jsonl"));
    assertThat(file.of("a")).isEmpty();

    file.append(run(1, "a"));
    file.append(run(2, "b"));
    new RunsFile(directory.resolve("new/runs.jsonl")).append(run(3, "a", "two servers"));

    assertThat(file.of("a")).containsExactly(run(1, "a"), run(3, "a", "two servers"));
  }

  @Test
  void aLineThatAKillCutOffIsNoRunAndSpoilsNone() throws IOException {
    var path = directory.resolve("runs.jsonl");
    var file = new RunsFile(path);
    file.append(run(1, "a"));
    Files.writeString(path, "{\"seed\":2,\"com", StandardOpenOption.APPEND);

    assertThat(file.of("a")).containsExactly(run(1, "a"));
    var later = new RunsFile(path);
    later.append(run(3, "a"));
    assertThat(later.of("a")).containsExactly(run(1, "a"), run(3, "a"));
  }

  @Test
  void refusesAFileOfSomethingElse() throws IOException {
    var path = Files.writeString(directory.resolve("notes.txt"), "dear diary\nand more\n");

    assertThatThrownBy(() -> new RunsFile(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("notes.txt holds a line that is no run");
    Files.writeString(path, "dear diary");
    assertThatThrownBy(() -> new RunsFile(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("notes.txt ends with a line that is no run");
    assertThat(path).hasContent("dear diary");
  }

  @Test
  void severalLinesOfASeedAreOneRun() {
    var summary =
        new Summary("a", List.of(run(1, "a"), run(1, "a", "two servers")), Set.of("Order.Buy"));

    assertThat(summary.runs()).hasSize(1);
    assertThat(summary.violated()).hasSize(1);
  }

  @Test
  void theSummaryTellsWhatWasTriedAndWhatBroke() {
    var summary =
        new Summary(
            "a",
            List.of(run(3, "a", "two servers"), run(1, "a"), run(2, "a")),
            Set.of("Order.Buy", "Server.Apply"));

    assertThat(summary.violated()).hasSize(1);
    assertThat(summary.lines())
        .contains(
            "commit      a",
            "seeds       1..3",
            "runs        3",
            "faults      6",
            "deaths      3 seen by runs",
            "bill        3 invoices",
            "activities  1 of 2 met a fault; not: Order.Buy",
            "violations  1",
            "  seed 3: two servers");
  }

  private static RunLine run(long seed, String commit, String... violations) {
    return new RunLine(
        seed,
        commit,
        "PROOF",
        "DONE",
        List.of(),
        Map.of("Server.Apply SLOW", 2),
        Map.of("TEMPORAL", 1),
        Map.of("add_instance", 1),
        0,
        1200,
        List.of(violations));
  }
}
