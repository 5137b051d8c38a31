package com.penguinmails.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.temporal.workflow.Workflow;
import java.io.File;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/// Classes that workflow code must not be like, each of which the rule has to report: a rule that
/// finds nothing wrong in the house proves nothing unless it finds these.
class ImpurityTest {
  // Each reading looks up what the classes use in the JDK: once for all of them.
  private static final JavaClasses SAMPLES =
      new ClassFileImporter().importClasses(ImpurityTest.class.getDeclaredClasses());

  static Stream<Arguments> wrongClasses() {
    return Stream.of(
        wrong(Impurity.CLOCK, Instants.class, "Instant.now()"),
        wrong(Impurity.CLOCK, InstantsByReference.class, "Instant.now()"),
        wrong(Impurity.CLOCK, LocalDates.class, "LocalDate.now(java.time.ZoneId)"),
        wrong(Impurity.CLOCK, LocalDateTimes.class, "LocalDateTime.now(java.time.ZoneId)"),
        wrong(Impurity.CLOCK, OffsetDateTimes.class, "OffsetDateTime.now(java.time.ZoneId)"),
        wrong(Impurity.CLOCK, ZonedDateTimes.class, "ZonedDateTime.now(java.time.ZoneId)"),
        wrong(Impurity.CLOCK, SystemClocks.class, "Clock.systemUTC()"),
        wrong(Impurity.CLOCK, MachinesZones.class, "ZoneId.systemDefault()"),
        wrong(Impurity.CHANCE, RandomUuids.class, "UUID.randomUUID()"),
        wrong(Impurity.CHANCE, RandomNumbers.class, "java.util.Random"),
        wrong(Impurity.CHANCE, ThreadsRandomNumbers.class, "ThreadLocalRandom.current()"),
        wrong(Impurity.CHANCE, SecureNumbers.class, "java.security.SecureRandom"),
        wrong(Impurity.CHANCE, MathsNumbers.class, "Math.random()"),
        wrong(Impurity.CHANCE, Shuffles.class, "Collections.shuffle(java.util.List)"),
        wrong(Impurity.THREAD, Sleeps.class, "Thread.sleep(java.time.Duration)"),
        wrong(Impurity.THREAD, NewThreads.class, "java.lang.Thread.<init>"),
        wrong(Impurity.THREAD, BuiltThreads.class, "Thread.ofVirtual()"),
        wrong(Impurity.THREAD, StartedThreads.class, "Thread.startVirtualThread"),
        wrong(Impurity.THREAD, Executes.class, "Executors.newSingleThreadExecutor()"),
        wrong(Impurity.THREAD, Futures.class, "CompletableFuture.supplyAsync"),
        wrong(Impurity.THREAD, Locks.class, "ReentrantLock"),
        wrong(Impurity.THREAD, Blocks.class, "CountDownLatch.await()"),
        wrong(Impurity.THREAD, WaitsForANotice.class, "Object.wait()"),
        wrong(Impurity.THREAD, Parallel.class, "parallelStream()"),
        wrong(Impurity.WORLD, OldFiles.class, "java.io.File"),
        wrong(Impurity.WORLD, NewFiles.class, "Files.exists"),
        wrong(Impurity.WORLD, LooksUp.class, "InetAddress.getHostName()"),
        wrong(Impurity.WORLD, Processes.class, "java.lang.ProcessHandle"),
        wrong(Impurity.WORLD, Resources.class, "Class.getResource(java.lang.String)"),
        wrong(Impurity.SURROUNDINGS, Millis.class, "System.currentTimeMillis()"),
        wrong(Impurity.SURROUNDINGS, Nanos.class, "System.nanoTime()"),
        wrong(Impurity.SURROUNDINGS, Environment.class, "System.getenv()"),
        wrong(Impurity.SURROUNDINGS, Properties.class, "System.getProperty(java.lang.String)"),
        wrong(Impurity.SURROUNDINGS, Prints.class, "java.lang.System.out"),
        wrong(Impurity.UNORDERED, HashMaps.class, "java.util.HashMap"),
        wrong(Impurity.UNORDERED, HashSetsByReference.class, "java.util.HashSet"),
        wrong(Impurity.UNORDERED, IdentityMaps.class, "java.util.IdentityHashMap"),
        wrong(Impurity.UNORDERED, WalksAMap.class, "Map.entrySet()"),
        wrong(Impurity.UNORDERED, WalksASet.class, "Set.iterator()"),
        wrong(Impurity.UNORDERED, CollectsToASet.class, "Collectors.toSet()"),
        wrong(Impurity.UNORDERED, CollectsToAMap.class, "Collectors.toMap("),
        wrong(Impurity.UNORDERED, Groups.class, "Collectors.groupingBy("),
        wrong(Impurity.LOGGER, OwnLogger.class, "LoggerFactory.getLogger"),
        wrong(Impurity.SHARED_STATE, Counts.class, "count"),
        wrong(Impurity.SHARED_STATE, Collects.class, "SEEN"),
        wrong(Impurity.SHARED_STATE, Synchronizes.class, "get()"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("wrongClasses")
  void isReported(Impurity kind, Class<?> offender, String said) {
    assertThatThrownBy(() -> check(offender))
        .isInstanceOf(AssertionError.class)
        .satisfies(error ->
            assertThat(String.valueOf(error.getMessage()).lines())
                .anySatisfy(line -> assertThat(line).startsWith(kind + ": ").contains(said)));
  }

  @Test
  void everyKindHasAWrongClass() {
    assertThat(wrongClasses().map(one -> one.get()[0])).contains((Object[]) Impurity.values());
  }

  @Test
  void whatAReplayDoesAgainIsFine() {
    assertThatCode(() -> check(Pure.class)).doesNotThrowAnyException();
  }

  private static void check(Class<?> type) {
    Impurity.absentFrom(
            DescribedPredicate.describe(
                "are " + type.getSimpleName(), candidate -> candidate.isEquivalentTo(type)))
        .check(SAMPLES);
  }

  private static Arguments wrong(Impurity kind, Class<?> type, String said) {
    return Arguments.of(kind, type, said);
  }

  private static final class Instants implements Supplier<Instant> {
    @Override
    public Instant get() {
      return Instant.now();
    }
  }

  private static final class InstantsByReference implements Supplier<Supplier<Instant>> {
    @Override
    public Supplier<Instant> get() {
      return Instant::now;
    }
  }

  private static final class LocalDates implements Supplier<LocalDate> {
    @Override
    public LocalDate get() {
      return LocalDate.now(ZoneOffset.UTC);
    }
  }

  private static final class LocalDateTimes implements Supplier<LocalDateTime> {
    @Override
    public LocalDateTime get() {
      return LocalDateTime.now(ZoneOffset.UTC);
    }
  }

  private static final class OffsetDateTimes implements Supplier<OffsetDateTime> {
    @Override
    public OffsetDateTime get() {
      return OffsetDateTime.now(ZoneOffset.UTC);
    }
  }

  private static final class ZonedDateTimes implements Supplier<ZonedDateTime> {
    @Override
    public ZonedDateTime get() {
      return ZonedDateTime.now(ZoneOffset.UTC);
    }
  }

  private static final class SystemClocks implements Supplier<Long> {
    @Override
    public Long get() {
      return Clock.systemUTC().millis();
    }
  }

  private static final class MachinesZones implements Supplier<ZoneId> {
    @Override
    public ZoneId get() {
      return ZoneId.systemDefault();
    }
  }

  private static final class RandomUuids implements Supplier<UUID> {
    @Override
    public UUID get() {
      return UUID.randomUUID();
    }
  }

  private static final class RandomNumbers implements Supplier<Integer> {
    @Override
    public Integer get() {
      return new Random().nextInt();
    }
  }

  private static final class ThreadsRandomNumbers implements Supplier<Integer> {
    @Override
    public Integer get() {
      return ThreadLocalRandom.current().nextInt();
    }
  }

  private static final class SecureNumbers implements Supplier<Integer> {
    @Override
    public Integer get() {
      return new SecureRandom().nextInt();
    }
  }

  private static final class MathsNumbers implements Supplier<Double> {
    @Override
    public Double get() {
      return Math.random();
    }
  }

  private static final class Shuffles implements Supplier<List<String>> {
    @Override
    public List<String> get() {
      var list = new ArrayList<>(List.of("a", "b"));
      Collections.shuffle(list);
      return list;
    }
  }

  private static final class Sleeps implements Supplier<Boolean> {
    @Override
    public Boolean get() {
      try {
        Thread.sleep(Duration.ofMillis(1));
        return true;
      } catch (InterruptedException e) {
        return false;
      }
    }
  }

  private static final class NewThreads implements Supplier<Object> {
    @Override
    public Object get() {
      return new Thread(() -> {});
    }
  }

  private static final class BuiltThreads implements Supplier<Object> {
    @Override
    public Object get() {
      return Thread.ofVirtual().unstarted(() -> {});
    }
  }

  private static final class StartedThreads implements Supplier<Object> {
    @Override
    public Object get() {
      return Thread.startVirtualThread(() -> {});
    }
  }

  private static final class Executes implements Supplier<Object> {
    @Override
    public Object get() {
      return Executors.newSingleThreadExecutor();
    }
  }

  private static final class Futures implements Supplier<Boolean> {
    @Override
    public Boolean get() {
      return CompletableFuture.supplyAsync(() -> 1).isDone();
    }
  }

  private static final class Locks implements Supplier<Boolean> {
    private final ReentrantLock lock = new ReentrantLock();

    @Override
    public Boolean get() {
      return lock.tryLock();
    }
  }

  private static final class Blocks implements Supplier<Boolean> {
    @Override
    public Boolean get() {
      try {
        new CountDownLatch(0).await();
        return true;
      } catch (InterruptedException e) {
        return false;
      }
    }
  }

  @SuppressWarnings("WaitNotInLoop") // wrong on purpose
  private static final class WaitsForANotice implements Supplier<Boolean> {
    @Override
    public Boolean get() {
      try {
        wait();
        return true;
      } catch (InterruptedException e) {
        return false;
      }
    }
  }

  private static final class Parallel implements Function<List<String>, Long> {
    @Override
    public Long apply(List<String> list) {
      return list.parallelStream().count();
    }
  }

  private static final class OldFiles implements Supplier<Boolean> {
    @Override
    public Boolean get() {
      return new File("/etc/hosts").exists();
    }
  }

  private static final class NewFiles implements Supplier<Boolean> {
    @Override
    public Boolean get() {
      return Files.exists(Path.of("/etc/hosts"));
    }
  }

  private static final class LooksUp implements Supplier<String> {
    @Override
    public String get() {
      return InetAddress.ofLiteral("192.0.2.1").getHostName();
    }
  }

  private static final class Processes implements Supplier<Long> {
    @Override
    public Long get() {
      return ProcessHandle.current().pid();
    }
  }

  private static final class Resources implements Supplier<Boolean> {
    @Override
    public Boolean get() {
      return Resources.class.getResource("settings") == null;
    }
  }

  private static final class Millis implements Supplier<Long> {
    @Override
    public Long get() {
      return System.currentTimeMillis();
    }
  }

  private static final class Nanos implements Supplier<Long> {
    @Override
    public Long get() {
      return System.nanoTime();
    }
  }

  private static final class Environment implements Supplier<Integer> {
    @Override
    public Integer get() {
      return System.getenv().size();
    }
  }

  private static final class Properties implements Supplier<Boolean> {
    @Override
    public Boolean get() {
      return System.getProperty("os.name") == null;
    }
  }

  private static final class Prints implements Supplier<Boolean> {
    @Override
    public Boolean get() {
      System.out.println("hello");
      return true;
    }
  }

  private static final class HashMaps implements Supplier<Map<String, String>> {
    @Override
    public Map<String, String> get() {
      return new HashMap<>();
    }
  }

  private static final class HashSetsByReference implements Supplier<Supplier<Set<String>>> {
    @Override
    public Supplier<Set<String>> get() {
      return HashSet::new;
    }
  }

  private static final class IdentityMaps implements Supplier<Map<String, String>> {
    @Override
    public Map<String, String> get() {
      return new IdentityHashMap<>();
    }
  }

  private static final class WalksAMap implements Supplier<String> {
    @Override
    public String get() {
      return Map.of("a", 1, "b", 2).entrySet().toString();
    }
  }

  private static final class WalksASet implements Supplier<String> {
    @Override
    public String get() {
      for (var one : Set.of("a", "b")) {
        return one;
      }
      return "";
    }
  }

  private static final class CollectsToASet implements Supplier<Object> {
    @Override
    public Object get() {
      return Stream.of("a").collect(Collectors.toSet());
    }
  }

  private static final class CollectsToAMap implements Supplier<Object> {
    @Override
    public Object get() {
      return Stream.of("a").collect(Collectors.toMap(String::length, one -> one));
    }
  }

  private static final class Groups implements Supplier<Object> {
    @Override
    public Object get() {
      return Stream.of("a").collect(Collectors.groupingBy(String::length));
    }
  }

  private static final class OwnLogger implements Supplier<Boolean> {
    @Override
    public Boolean get() {
      return LoggerFactory.getLogger(OwnLogger.class).isInfoEnabled();
    }
  }

  private static final class Counts implements Supplier<Integer> {
    private static int count;

    @Override
    public Integer get() {
      return ++count;
    }
  }

  private static final class Collects implements Supplier<Integer> {
    private static final ArrayList<String> SEEN = new ArrayList<>();

    @Override
    public Integer get() {
      SEEN.add("one more");
      return SEEN.size();
    }
  }

  private static final class Synchronizes implements Supplier<Boolean> {
    @Override
    public synchronized Boolean get() {
      return true;
    }
  }

  /// What comes near to what is forbidden.
  private static final class Pure implements Supplier<Object> {
    private static final Set<String> KNOWN = Set.of("issue", "iodef");

    @Override
    public Object get() {
      var ordered = new LinkedHashMap<String, String>();
      ordered.putAll(Map.of("id", Workflow.randomUUID().toString()));
      var known =
          Stream.of("issue", "other")
              .filter(KNOWN::contains)
              .collect(
                  Collectors.toMap(
                      one -> one, String::length, (first, _) -> first, () -> new TreeMap<>()));
      for (var name : known.navigableKeySet()) {
        Workflow.getLogger(Pure.class)
            .info("{} at {}", name, Instant.ofEpochMilli(Workflow.currentTimeMillis()));
      }
      ordered.forEach((name, value) -> known.put(name + value, 0));
      return List.of(
          known, URI.create("https://ca.test"), InetAddress.ofLiteral("192.0.2.1"), TimeUnit.DAYS);
    }
  }
}
