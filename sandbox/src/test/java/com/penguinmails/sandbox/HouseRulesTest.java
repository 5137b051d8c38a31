package com.penguinmails.sandbox;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.activities.setup.IncidentActivitiesImpl;
import com.penguinmails.store.decision.DecisionStore;
import com.penguinmails.store.decision.DecisionStore.NewDecision;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.setup.IncidentActivities.RecordDecision;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What may depend on what, and what workflow code must not touch. The sandbox sees every module,
/// so the rules of the whole house are checked here.
class HouseRulesTest {
  private static final String OURS = "com.penguinmails..";
  private static final String WORKFLOWS = "com.penguinmails.workflows..";
  private static final String MODEL = "com.penguinmails.workflows.model..";
  private static final String ACTIVITIES = "com.penguinmails.activities..";
  private static final String PORTS = "com.penguinmails.ports..";
  private static final String STORE = "com.penguinmails.store..";
  private static final String TEMPLATES = "com.penguinmails.templates..";
  private static final String CODEC = "com.penguinmails.workflows.temporal.codec..";
  private static final List<String> MODULES =
      List.of(
          "workflows",
          "infra-templates",
          "store",
          "ports",
          "activities",
          "worker",
          "api",
          "sandbox");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("com.penguinmails");

  @Test
  void workflowsKnowNothingOfOurs() {
    onlyDependOn(WORKFLOWS, WORKFLOWS).check(HOUSE);
  }

  @Test
  void portsKnowTheWordsOnly() {
    onlyDependOn(PORTS, PORTS, MODEL, TEMPLATES)
        .check(outside("com.penguinmails.ports.secret.embedded"));
  }

  @Test
  void storeCallsNobody() {
    onlyDependOn(STORE, STORE, MODEL).check(HOUSE);
  }

  @Test
  void activitiesStandBetweenWorkflowsAndTheWorld() {
    onlyDependOn(ACTIVITIES, ACTIVITIES, PORTS, WORKFLOWS, TEMPLATES, STORE).check(HOUSE);
  }

  @Test
  void apiReadsTheStoreAndAsksOnlyTwoPorts() {
    noClasses()
        .that()
        .resideInAPackage("com.penguinmails.api..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(ACTIVITIES, "com.penguinmails.worker..", TEMPLATES)
                .or(
                    resideInAPackage(PORTS)
                        .and(
                            DescribedPredicate.not(
                                resideInAnyPackage(
                                    "com.penguinmails.ports.secret..",
                                    "com.penguinmails.ports.dns..",
                                    "com.penguinmails.ports.network..")))))
        .allowEmptyShould(true)
        .check(HOUSE);
  }

  @Test
  void nothingInProductionKnowsTheSandbox() {
    noClasses()
        .that()
        .resideInAPackage(OURS)
        .and()
        .resideOutsideOfPackage("com.penguinmails.sandbox..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.penguinmails.sandbox..")
        .check(HOUSE);
  }

  /// A decision is made from an [com.penguinmails.workflows.model.Answer], so that there is a
  /// sentence for it. What came out of a history or a row was made so before.
  @Test
  void whatIsDecidedCanBeToldInWords() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(RecordDecision.class)
        .should()
        .callConstructorWhere(target(owner(type(RecordDecision.class))))
        .check(HOUSE);
    noClasses()
        .that()
        .doNotBelongToAnyOf(NewDecision.class, DecisionStore.class, IncidentActivitiesImpl.class)
        .should()
        .callConstructorWhere(target(owner(type(NewDecision.class))))
        .check(HOUSE);
  }

  /// What that is, and that the rule finds it: `Impurity` and its test.
  @Test
  void workflowCodeDoesAgainInAReplayWhatItDid() {
    // The codec runs in the client, never inside a workflow: it needs real randomness.
    Impurity.absentFrom(
            resideInAPackage(WORKFLOWS).and(DescribedPredicate.not(resideInAPackage(CODEC))))
        .check(HOUSE);
  }

  /// A rehearsal cannot have an effect, because nothing in it calls what has one: it writes plans,
  /// and of what is outside it calls what reads.
  @Test
  void rehearsalsOnlyRead() {
    var reads =
        Set.of(
            "VpsProvider.name",
            "VpsProvider.capabilities",
            "VpsProvider.plans",
            "VpsProvider.places",
            "ZoneWriter.open",
            "VpsProvider.images",
            "DnsProvider.isWritable",
            "DnsProvider.read",
            "Resolver.delegation",
            "Resolver.askRecursive",
            "CertificateAuthority.caaIdentity",
            "RemoteHosts.connect",
            "HostFacts.ask",
            "RemoteHost.close",
            "Blacklists.ask",
            "SecretStore.get",
            "StackDriver.plan",
            "OrderStore.foresee",
            "DomainStore.<init>",
            "DomainStore.serversToLeave",
            "DkimKeys.generate",
            "DkimKeys.publicKey",
            "PlanStore.get",
            "PlanStore.lines",
            "PlanStore.note",
            "PlanStore.recordPrice",
            "PlanStore.finish");
    classes()
        .that()
        .haveNameMatching(".*\\.activities\\..*Rehearsal(Book)?(\\$.*)?")
        .should(
            new ArchCondition<>("call nothing outside that has an effect") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (var access : type.getAccessesFromSelf()) {
                  var owner = access.getTargetOwner();
                  var name = owner.getSimpleName() + "." + access.getName();
                  boolean isOutside =
                      owner.getPackageName().startsWith("com.penguinmails.ports")
                          || owner.getSimpleName().equals("ZoneWriter")
                          || owner.getSimpleName().endsWith("Store");
                  if (isOutside && !owner.isRecord() && !owner.isEnum() && !reads.contains(name)) {
                    events.add(SimpleConditionEvent.violated(type, access.getDescription()));
                  }
                }
              }
            })
        .check(HOUSE);
    noClasses()
        .that()
        .haveNameMatching(".*\\.activities\\..*Rehearsal(Book)?(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("Stores")
        .check(HOUSE);
  }

  @Test
  void messagesAreOneValue() {
    methods()
        .that()
        .areAnnotatedWith(UpdateMethod.class)
        .or()
        .areAnnotatedWith(SignalMethod.class)
        .or()
        .areAnnotatedWith(ActivityMethod.class)
        .or()
        .areAnnotatedWith(WorkflowMethod.class)
        .should(takeAtMostOneValue())
        .check(HOUSE);
    methods()
        .that()
        .areDeclaredInClassesThat()
        .areAnnotatedWith(ActivityInterface.class)
        .should(takeAtMostOneValue())
        .check(HOUSE);
  }

  @Test
  void adaptersDeclareOnlyOutsideExceptions() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(PORTS)
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .and()
        .arePublic()
        .and()
        .doNotHaveName("close")
        .should(
            new ArchCondition<>("declare no exception but OutsideException") {
              @Override
              public void check(JavaMethod method, ConditionEvents events) {
                for (var thrown : method.getThrowsClause()) {
                  var fine =
                      thrown.getRawType().isAssignableTo(OutsideException.class)
                          || thrown.getRawType().isAssignableTo(IllegalArgumentException.class)
                          || thrown.getRawType().isAssignableTo(IllegalStateException.class)
                          || thrown.getRawType().isEquivalentTo(InterruptedException.class);
                  if (!fine) {
                    events.add(
                        SimpleConditionEvent.violated(
                            method,
                            method.getFullName() + " declares " + thrown.getRawType().getName()));
                  }
                }
              }
            })
        .check(HOUSE);
  }

  @Test
  void wiringLivesInWorkerAndApi() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "com.penguinmails.worker..", "com.penguinmails.api..", "com.penguinmails.sandbox..")
        .should()
        .beAnnotatedWith("org.springframework.context.annotation.Configuration")
        .orShould()
        .beAnnotatedWith("org.springframework.stereotype.Component")
        .check(HOUSE);
  }

  @Test
  void theTenantIsSetInOnePlace() throws IOException {
    var offenders =
        sources()
            .filter(path -> !path.toString().contains("/store/tenancy/"))
            .filter(path -> path.toString().contains("/src/main/java/"))
            .filter(path -> contains(path, "set_config("))
            .toList();
    assertThat(offenders).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() throws IOException {
    var bare =
        sources()
            .filter(path -> path.toString().contains("/src/main/java/"))
            .map(Path::getParent)
            .distinct()
            .filter(directory -> {
              var info = directory.resolve("package-info.java");
              return !Files.exists(info)
                  || !contains(info, "@NullMarked")
                  || !contains(info, "///");
            })
            .toList();
    assertThat(bare).isEmpty();
  }

  private static ArchRule onlyDependOn(String module, String... allowed) {
    return noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS).and(DescribedPredicate.not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true);
  }

  private static JavaClasses outside(String packageName) {
    return HOUSE.that(
        DescribedPredicate.describe(
            "outside " + packageName, type -> !type.getPackageName().startsWith(packageName)));
  }

  private static ArchCondition<JavaMethod> takeAtMostOneValue() {
    return new ArchCondition<>("take at most one value") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        var parameters = method.getRawParameterTypes();
        if (parameters.size() > 1) {
          events.add(
              SimpleConditionEvent.violated(
                  method, method.getFullName() + " takes " + parameters.size()));
        }
      }
    };
  }

  private static Stream<Path> sources() throws IOException {
    var found = new ArrayList<Path>();
    for (var module : MODULES) {
      try (var files = Files.walk(Path.of("..", module, "src"))) {
        files.filter(path -> path.toString().endsWith(".java")).forEach(found::add);
      }
    }
    return found.stream();
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
