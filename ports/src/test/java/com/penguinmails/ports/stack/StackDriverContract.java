package com.penguinmails.ports.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.ports.stack.StackDriver.PlannedFile;
import com.penguinmails.ports.stack.StackDriver.PlannedStep;
import com.penguinmails.ports.stack.StackDriver.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every stack driver keeps. A driver is finished when it passes.
public interface StackDriverContract {
  StackDriver driver();

  @Test
  default void plansTheSameForTheSameDesiredState() {
    assertThat(driver().plan(Hosts.complete())).isEqualTo(driver().plan(Hosts.complete()));
  }

  @Test
  default void leavesOutWhatNeedsACertificateUntilThereIsOne() {
    var before = names(driver().plan(Hosts.withoutCertificate()));
    var after = names(driver().plan(Hosts.complete()));

    assertThat(after).containsAll(before).hasSizeGreaterThan(before.size());
  }

  /// A step that was applied before the certificate came must not run again because of it.
  @Test
  default void changesNoStepOfTheFirstPartWhenTheCertificateComes() {
    assertThat(driver().plan(Hosts.complete()))
        .containsAll(driver().plan(Hosts.withoutCertificate()));
  }

  @Test
  default void touchesOnlyFilesOfMailboxesForANewMailbox() {
    var before = driver().plan(Hosts.complete());
    var after = driver().plan(Hosts.withMailboxes("jane", "joe"));

    assertThat(changed(before, after)).hasSize(1);
  }

  @Test
  default void touchesOnlyTheCertificateForANewCertificate() {
    var before = driver().plan(Hosts.complete());
    var after = driver().plan(Hosts.withCertificateVersion(2));

    assertThat(changed(before, after)).hasSize(1);
  }

  @Test
  default void keepsNamesApartAndInOrder() {
    assertThat(names(driver().plan(Hosts.complete())))
        .allMatch(name -> name.matches("\\d{3}-[a-z0-9-]+"))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  /// Two steps that write one file would undo each other for ever.
  @Test
  default void givesEachFileToOneStep() {
    assertThat(files(driver().plan(Hosts.complete())).map(PlannedFile::target))
        .allMatch(target -> target.startsWith("/") && !target.contains(".."))
        .doesNotHaveDuplicates();
  }

  @Test
  default void usesOnlyScriptsAndTemplatesThatExist() {
    assertThat(driver().plan(Hosts.complete()))
        .allSatisfy(step -> assertThat(TemplateFiles.exists(step.script())).isTrue());
    assertThat(templates(driver().plan(Hosts.complete())).map(Source.Template::path))
        .allMatch(TemplateFiles::exists);
  }

  @Test
  default void fillsExactlyTheVariablesOfEachTemplate() {
    assertThat(templates(driver().plan(Hosts.complete())))
        .allSatisfy(template ->
            assertThat(template.variables().keySet())
                .as(template.path())
                .isEqualTo(TemplateFiles.variables(template.path())));
  }

  /// Files that hold secrets are for root and the one program that needs them.
  @Test
  default void keepsSecretsFromOthers() {
    assertThat(files(driver().plan(Hosts.complete())).filter(StackDriverContract::isSecret))
        .isNotEmpty()
        .allMatch(file -> file.mode().endsWith("0"));
  }

  private static boolean isSecret(PlannedFile file) {
    return switch (file.source()) {
      case Source.Secret secret -> !secret.field().equals("chain");
      case Source.SecretLines _ -> true;
      case Source.Template _, Source.Text _ -> false;
    };
  }

  private static List<String> names(List<PlannedStep> plan) {
    return plan.stream().map(PlannedStep::name).toList();
  }

  private static Stream<PlannedFile> files(List<PlannedStep> plan) {
    return plan.stream().flatMap(step -> step.files().stream());
  }

  private static Stream<Source.Template> templates(List<PlannedStep> plan) {
    return files(plan)
        .map(PlannedFile::source)
        .filter(Source.Template.class::isInstance)
        .map(Source.Template.class::cast);
  }

  private static List<String> changed(List<PlannedStep> before, List<PlannedStep> after) {
    var byName = new HashMap<String, PlannedStep>();
    before.forEach(step -> byName.put(step.name(), step));
    var changed = new ArrayList<String>();
    for (var step : after) {
      if (!step.equals(byName.get(step.name()))) {
        changed.add(step.name());
      }
    }
    return changed;
  }
}
