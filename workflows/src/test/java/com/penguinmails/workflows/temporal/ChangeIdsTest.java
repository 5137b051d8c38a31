package com.penguinmails.workflows.temporal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.setup.GoldenHistories;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What `docs/changing-workflows.md` asks of every change id.
class ChangeIdsTest {
  private static final JavaClasses WORKFLOWS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("com.penguinmails.workflows");

  /// It fails from the day on. Ask Temporal then, as the policy says, whether a run needs the old
  /// branch: if none does, take it out; else set another day.
  @Test
  void noOldBranchHasOutlivedItsDay() {
    assertThat(overdue(LocalDate.now(ZoneOffset.UTC)))
        .as(
            "their old branches are to go: docs/changing-workflows.md, \"Taking an old branch out\"")
        .isEmpty();
  }

  @Test
  void everyOldBranchHasADay() {
    assertThat(overdue(LocalDate.MAX)).containsExactly(ChangeIds.values());
  }

  @Test
  void idsDiffer() {
    assertThat(ChangeIds.values())
        .extracting(ChangeIds::id)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
  }

  @Test
  void eachCameWithARelease() throws IOException {
    assertThat(ChangeIds.values())
        .extracting(ChangeIds::since)
        .allMatch(release -> Files.isDirectory(GoldenHistories.of(release)))
        .doesNotContain("0.1.0"); // it had none
  }

  /// An id that no code asks for any more is a branch that was taken out without its entry.
  @Test
  void eachIsAskedForSomewhere() {
    var entries = WORKFLOWS.get(ChangeIds.class);

    assertThat(ChangeIds.values())
        .allSatisfy(change ->
            assertThat(entries.getField(change.name()).getAccessesToSelf())
                .as(change.name())
                .anyMatch(access -> !access.getOriginOwner().equals(entries)));
  }

  @Test
  void versionsAreAskedForNowhereElse() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(ChangeIds.class)
        .should()
        .callMethod(Workflow.class, "getVersion", String.class, int.class, int.class)
        .check(WORKFLOWS);
  }

  /// Each new branch is in a history, which is replayed from then on.
  @Test
  void eachIsTakenInARecordedHistory() throws IOException {
    assertThat(ChangeIds.values())
        .allSatisfy(change -> assertThat(takenIn(change.since())).contains(change.id()));
  }

  private static List<ChangeIds> overdue(LocalDate today) {
    return Arrays.stream(ChangeIds.values())
        .filter(change -> !today.isBefore(change.oldBranchUntil()))
        .toList();
  }

  /// The change ids whose new branch is taken in the histories of a release.
  private static Set<String> takenIn(String release) throws IOException {
    var taken = new TreeSet<String>();
    try (var files = Files.walk(GoldenHistories.of(release))) {
      for (var file : files.filter(file -> file.toString().endsWith(".json")).toList()) {
        GoldenHistories.read(file).getEvents().stream()
            .map(HistoryEvent::getMarkerRecordedEventAttributes)
            .filter(marker -> marker.getMarkerName().equals("Version"))
            .map(marker -> marker.getDetailsOrThrow("changeId").getPayloads(0).getData())
            .forEach(id -> taken.add(id.toStringUtf8().replace("\"", "")));
      }
    }
    return taken;
  }
}
