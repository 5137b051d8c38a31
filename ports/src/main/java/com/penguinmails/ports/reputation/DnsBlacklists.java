package com.penguinmails.ports.reputation;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.reputation.BlacklistZone.Kind;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/// Asks lists through our own recursive resolver: public ones are refused by the lists that matter,
/// or are told that everybody is clean. Before a list is believed it must name its own test address
/// and must not name 127.0.0.1 (RFC 5782, 5): lists die by naming nobody or everybody.
public final class DnsBlacklists implements Blacklists {
  private static final Duration TRUST = Duration.ofMinutes(10);
  private static final int AT_ONCE = 4;
  private static final String REFUSED = "127.255.255.";
  private static final String IN_ADDR = ".in-addr.arpa";

  private final Resolver resolver;
  private final Clock clock;
  private final List<BlacklistZone> zones;
  private final Map<String, Trust> trusted = new ConcurrentHashMap<>();

  private DnsBlacklists(Resolver resolver, Clock clock, List<BlacklistZone> zones) {
    this.resolver = resolver;
    this.clock = clock;
    this.zones = List.copyOf(zones);
  }

  private record Trust(Optional<String> objection, Instant until) {}

  /// The lists that come with the product.
  public static DnsBlacklists usual(Resolver resolver, Clock clock) {
    try (var file = DnsBlacklists.class.getResourceAsStream("blacklists.tsv")) {
      if (file == null) {
        throw new IllegalStateException("blacklists.tsv is not on the class path");
      }
      var reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
      return new DnsBlacklists(resolver, clock, read(reader.lines()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Lists of an installation's own choice, written as the usual ones are.
  public static DnsBlacklists of(Path file, Resolver resolver, Clock clock) {
    try (var lines = Files.lines(file)) {
      return new DnsBlacklists(resolver, clock, read(lines));
    } catch (IOException e) {
      throw new UncheckedIOException("the blacklists in " + file + " cannot be read", e);
    }
  }

  private static List<BlacklistZone> read(Stream<String> lines) {
    return lines
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(BlacklistZone::parse)
        .toList();
  }

  @Override
  public List<Answer> ask(IpAddress address) {
    if (!address.isV4()) {
      throw new IllegalArgumentException("not an IPv4 address: " + address);
    }
    var reversed = address.reverseName().value();
    var label = reversed.substring(0, reversed.length() - IN_ADDR.length());
    var turn = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = new ArrayList<Future<Answer>>();
      for (var zone : zones) {
        asked.add(
            threads.submit(() -> {
              turn.acquire();
              try {
                return ask(zone, label);
              } finally {
                turn.release();
              }
            }));
      }
      var answers = new ArrayList<Answer>();
      for (var one : asked) {
        answers.add(one.get());
      }
      return List.copyOf(answers);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the blacklists", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a blacklist could not be asked", e.getCause());
    }
  }

  private Answer ask(BlacklistZone zone, String label) {
    var objection = objection(zone);
    if (objection.isPresent()) {
      return new Answer(zone.zone(), zone.severity(), Verdict.UNKNOWN, objection.get());
    }
    return switch (look(zone, label)) {
      case Seen.Nothing _ ->
          new Answer(zone.zone(), zone.severity(), Verdict.CLEAN, "not on the list");
      case Seen.Unknown unknown ->
          new Answer(zone.zone(), zone.severity(), Verdict.UNKNOWN, unknown.reason());
      case Seen.Listed listed ->
          new Answer(
              zone.zone(),
              zone.severity(),
              Verdict.LISTED,
              "%s; removal: %s".formatted(listed.meaning(), zone.removal()));
    };
  }

  /// Why the list cannot be believed now.
  private Optional<String> objection(BlacklistZone zone) {
    var known = trusted.get(zone.zone());
    if (known != null && clock.instant().isBefore(known.until())) {
      return known.objection();
    }
    var objection = controls(zone);
    trusted.put(zone.zone(), new Trust(objection, clock.instant().plus(TRUST)));
    return objection;
  }

  private Optional<String> controls(BlacklistZone zone) {
    var listed = look(zone, zone.testListed());
    if (!(listed instanceof Seen.Listed)) {
      return Optional.of(
          listed instanceof Seen.Unknown unknown
              ? unknown.reason()
              : "does not name its own test address");
    }
    return look(zone, zone.testClean()) instanceof Seen.Nothing
        ? Optional.empty()
        : Optional.of("names an address that no list may name: it lists the world");
  }

  private sealed interface Seen {
    record Nothing() implements Seen {}

    record Listed(String meaning) implements Seen {}

    record Unknown(String reason) implements Seen {}
  }

  private Seen look(BlacklistZone zone, String label) {
    var name = new RecordName(label + "." + zone.zone());
    Seen last = new Seen.Unknown("no resolver answered");
    for (var answer : resolver.askRecursive(name, DnsRecord.Type.A)) {
      last =
          switch (answer.answer()) {
            case Resolver.Answer.Absent _ -> new Seen.Nothing();
            case Resolver.Answer.Found found -> judge(zone, found.records());
            case Resolver.Answer.Alias _ -> new Seen.Unknown("answered with an alias");
            case Resolver.Answer.Failed failed -> new Seen.Unknown(failed.reason());
          };
      if (!(last instanceof Seen.Unknown)) {
        return last;
      }
    }
    return last;
  }

  private static Seen judge(BlacklistZone zone, List<DnsRecord> records) {
    var meanings = new ArrayList<String>();
    for (var record : records) {
      var value = record.value();
      if (value.startsWith(REFUSED)) {
        return new Seen.Unknown("refuses to answer us (" + value + ")");
      }
      if (!value.startsWith("127.")) {
        return new Seen.Unknown("answered " + value + ", which is no list's answer");
      }
      var code = zone.meaning(value);
      if (code.isEmpty() || code.get().kind() == Kind.REFUSED) {
        return new Seen.Unknown("answered " + value + ", which its operator does not document");
      }
      if (code.get().kind() == Kind.LISTED) {
        meanings.add(value + " " + code.get().meaning());
      }
    }
    return meanings.isEmpty() ? new Seen.Nothing() : new Seen.Listed(String.join(", ", meanings));
  }
}
