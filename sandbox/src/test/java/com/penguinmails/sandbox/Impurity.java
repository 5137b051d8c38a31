package com.penguinmails.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// What workflow code must not do, because a replay would not do the same again. Seen are calls,
/// method references, field accesses and types in our own byte code.
///
/// Not seen: what a library does below a call; the order in which an argument is iterated by whom
/// it is given to, as in `List.copyOf(aSet)`; whether a constant `List` or array is ever changed; a
/// `synchronized` block.
@SuppressWarnings("ImmutableEnumChecker") // the predicates keep nothing
enum Impurity {
  CLOCK(
      "Workflow.currentTimeMillis() tells the time",
      oneOf(
          "java.time.Clock",
          "java.time.InstantSource",
          "java.util.Date",
          "java.util.Calendar",
          "java.util.GregorianCalendar",
          "java.util.TimeZone"),
      access ->
          (owner(access).startsWith("java.time.") && access.getName().equals("now"))
              || uses(access, "java.time.ZoneId", "systemDefault")),

  CHANCE(
      "Workflow.randomUUID() and Workflow.newRandom() are replayed",
      oneOf(
              "java.util.Random",
              "java.util.SplittableRandom",
              "java.util.concurrent.ThreadLocalRandom",
              "java.security.SecureRandom",
              "java.security.KeyPairGenerator",
              "javax.crypto.KeyGenerator")
          .or(below("java.util.random", "com.github.f4b6a3")),
      access ->
          uses(access, "java.util.UUID", "randomUUID")
              || uses(access, "java.lang.Math", "random")
              || uses(access, "java.lang.StrictMath", "random")
              || uses(access, "java.util.Collections", "shuffle")),

  /// Temporal runs one thread of a workflow at a time and must know each of them.
  THREAD(
      "Async, Promise and Workflow.await() are replayed",
      below("java.util.concurrent")
          .and(type -> !type.getName().equals("java.util.concurrent.TimeUnit"))
          .or(
              oneOf(
                  "java.lang.Thread",
                  "java.lang.Thread$Builder",
                  "java.lang.ThreadLocal",
                  "java.lang.InheritableThreadLocal",
                  "java.util.Timer",
                  "java.util.TimerTask")),
      access ->
          uses(access, "java.lang.Object", "wait", "notify", "notifyAll")
              || List.of("parallelStream", "parallel").contains(access.getName())),

  WORLD(
      "an activity asks the world",
      below(
              "java.io",
              "java.nio.file",
              "java.nio.channels",
              "java.net",
              "java.sql",
              "javax.sql",
              "javax.net",
              "javax.naming",
              "org.springframework",
              "io.temporal.serviceclient")
          // Values; what looks a name up is forbidden below.
          .and(
              oneOf(
                      "java.net.URI",
                      "java.net.IDN",
                      "java.net.InetAddress",
                      "java.net.Inet4Address",
                      "java.net.Inet6Address")
                  .negate())
          .or(
              oneOf(
                  "io.temporal.client.WorkflowClient",
                  "java.lang.Process",
                  "java.lang.ProcessBuilder",
                  "java.lang.ProcessHandle",
                  "java.lang.Runtime")),
      access ->
          (owner(access).startsWith("java.net.Inet")
                  && Set.of(
                          "getByName",
                          "getAllByName",
                          "getLocalHost",
                          "getHostName",
                          "getCanonicalHostName",
                          "isReachable")
                      .contains(access.getName()))
              || uses(access, "java.net.URI", "toURL")
              || uses(access, "java.lang.Class", "getResource", "getResourceAsStream")
              || owner(access).equals("java.lang.ClassLoader")),

  /// What this machine or this start of Java is like. Workflows read no configuration.
  SURROUNDINGS(
      "it comes in with the order",
      oneOf(),
      access ->
          (owner(access).equals("java.lang.System") && !access.getName().equals("arraycopy"))
              || uses(access, "java.util.Locale", "getDefault")
              || uses(access, "java.nio.charset.Charset", "defaultCharset")
              || uses(access, "java.lang.Integer", "getInteger")
              || uses(access, "java.lang.Long", "getLong")
              || uses(access, "java.lang.Boolean", "getBoolean")),

  /// `Map.of` and `Set.of` change their order with each start of Java. As data they may be passed
  /// on; going through what is only known to be a `Map` or a `Set` is forbidden, even if it happens
  /// to be ordered.
  UNORDERED(
      "TreeMap, LinkedHashMap, sequencedEntrySet() and lists keep an order",
      oneOf(
          "java.util.HashMap",
          "java.util.HashSet",
          "java.util.IdentityHashMap",
          "java.util.WeakHashMap",
          "java.util.Hashtable"),
      access ->
          uses(access, "java.util.Set", "iterator", "forEach", "stream", "spliterator", "toArray")
              || uses(access, "java.util.Map", "keySet", "values", "entrySet", "forEach")
              || (owner(access).equals("java.util.stream.Collectors")
                  && collectsWithoutOrder(access))),

  LOGGER(
      "Workflow.getLogger() is silent in a replay",
      oneOf("org.slf4j.LoggerFactory").or(below("java.util.logging")),
      _ -> false),

  /// Shared by all workflows of a worker, and by none of the next one.
  SHARED_STATE("state lives in the workflow's own fields", oneOf(), _ -> false) {
    @Override
    void check(JavaClass type, ConditionEvents events) {
      type.getFields().stream()
          .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
          .filter(field ->
              !field.getModifiers().contains(JavaModifier.FINAL)
                  || ALWAYS_MUTABLE.contains(field.getRawType().getName()))
          .forEach(field -> report(type, field.getDescription(), events));
      type.getMethods().stream()
          .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
          .forEach(method -> report(type, method.getDescription(), events));
    }
  };

  private static final Set<String> ALWAYS_MUTABLE =
      Set.of(
          "java.util.ArrayList",
          "java.util.ArrayDeque",
          "java.util.LinkedList",
          "java.util.TreeMap",
          "java.util.TreeSet",
          "java.util.LinkedHashMap",
          "java.util.LinkedHashSet",
          "java.util.EnumMap",
          "java.util.BitSet",
          "java.lang.StringBuilder");

  private final String instead;
  private final Predicate<JavaClass> types;
  private final Predicate<JavaAccess<?>> uses;

  Impurity(String instead, Predicate<JavaClass> types, Predicate<JavaAccess<?>> uses) {
    this.instead = instead;
    this.types = types;
    this.uses = uses;
  }

  /// That none of these classes does any of it.
  static ArchRule absentFrom(DescribedPredicate<JavaClass> which) {
    return classes()
        .that(which)
        .should(
            new ArchCondition<>("do again in a replay what they did") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (var impurity : values()) {
                  impurity.check(type, events);
                }
              }
            });
  }

  void check(JavaClass type, ConditionEvents events) {
    type.getAccessesFromSelf().stream()
        .filter(uses)
        .forEach(access -> report(type, access.getDescription(), events));
    type.getDirectDependenciesFromSelf().stream()
        .filter(dependency -> types.test(dependency.getTargetClass().getBaseComponentType()))
        .forEach(dependency -> report(type, dependency.getDescription(), events));
  }

  final void report(JavaClass type, String seen, ConditionEvents events) {
    events.add(SimpleConditionEvent.violated(type, name() + ": " + seen + "; " + instead));
  }

  private static Predicate<JavaClass> oneOf(String... names) {
    var listed = Set.of(names);
    return type -> listed.contains(type.getName());
  }

  private static Predicate<JavaClass> below(String... packages) {
    return type ->
        List.of(packages).stream()
            .anyMatch(one -> (type.getPackageName() + ".").startsWith(one + "."));
  }

  private static boolean uses(JavaAccess<?> access, String owner, String... members) {
    return owner(access).equals(owner) && List.of(members).contains(access.getName());
  }

  private static String owner(JavaAccess<?> access) {
    return access.getTargetOwner().getName();
  }

  /// The forms that take a supplier of the map keep its order.
  private static boolean collectsWithoutOrder(JavaAccess<?> access) {
    return switch (access.getName()) {
      case "toSet", "toUnmodifiableSet", "toUnmodifiableMap", "toConcurrentMap" -> true;
      case "groupingByConcurrent" -> true;
      case "toMap" -> !takesASupplier(access);
      case "groupingBy" -> !takesASupplier(access);
      default -> false;
    };
  }

  private static boolean takesASupplier(JavaAccess<?> access) {
    return access.getTarget().getFullName().contains("java.util.function.Supplier");
  }
}
