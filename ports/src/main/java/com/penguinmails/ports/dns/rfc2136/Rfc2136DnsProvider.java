package com.penguinmails.ports.dns.rfc2136;

import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.dnsjava.WireRecords;
import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordQuestion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Update;

/// A zone that takes dynamic updates (RFC 2136) signed with TSIG (RFC 8945). Reads and writes go to
/// the primary over TCP. Changes go out in one message, which carries each RRset as it was read as
/// a prerequisite (RFC 2136, 2.4): all are made or none, and nobody else's change in between is
/// overwritten.
public final class Rfc2136DnsProvider implements DnsProvider {
  private static final Duration TIMEOUT = Duration.ofSeconds(8);
  private static final int TYPE_AND_CLASS = 4; // octets between a record's name and its TTL

  private final DomainName zone;
  private final InetSocketAddress primary;
  private final String primaryName;
  private final TSIG key;

  private Rfc2136DnsProvider(
      DomainName zone, InetSocketAddress primary, String primaryName, TSIG key) {
    this.zone = zone;
    this.primary = primary;
    this.primaryName = primaryName;
    this.key = key;
  }

  @Override
  public DomainName zone() {
    return zone;
  }

  /// Unknown: a primary that takes updates may be hidden from the delegation.
  @Override
  public List<String> nameServers() {
    return List.of();
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public List<DnsRecord> read(Collection<RecordQuestion> questions) {
    return fetch(questions).values().stream()
        .flatMap(records -> understood(records).stream())
        .toList();
  }

  /// Asks for all of them without waiting for one answer before the next question.
  private Map<RecordQuestion, List<Record>> fetch(Collection<RecordQuestion> questions) {
    var asked = new LinkedHashMap<RecordQuestion, CompletionStage<Message>>();
    for (var question : questions) {
      var query = Message.newQuery(wire(question));
      query.getHeader().unsetFlag(Flags.RD);
      asked.computeIfAbsent(question, _ -> server().sendAsync(query));
    }
    var answers = new LinkedHashMap<RecordQuestion, List<Record>>();
    asked.forEach((question, answer) -> answers.put(question, fetched(question, answer)));
    return answers;
  }

  private static Record wire(RecordQuestion question) {
    return Record.newRecord(
        WireRecords.name(question.name().value()), WireRecords.type(question.type()), DClass.IN);
  }

  private List<Record> fetched(RecordQuestion asked, CompletionStage<Message> awaited) {
    var question = wire(asked);
    var what = "reading " + asked.name() + " " + asked.type();
    var answer = await(awaited, what);
    if (answer.getRcode() != Rcode.NOERROR && answer.getRcode() != Rcode.NXDOMAIN) {
      throw refusal(answer, what);
    }
    requireSigned(answer, what);
    return answer.getSection(Section.ANSWER).stream()
        .filter(record -> record.getType() == question.getType())
        .filter(record -> record.getName().equals(question.getName()))
        .toList();
  }

  @Override
  public void change(List<Change> changes) {
    var due =
        changes.stream()
            .map(Rfc2136DnsProvider::canonical)
            .filter(change -> !change.isEmpty())
            .toList();
    if (due.isEmpty()) {
      return;
    }
    var what = Change.shown(due);
    var sets = due.stream().map(Change::set).toList();
    // The records themselves, not our reading of them: a TXT of the tenant's may be split elsewhere
    // than at 255 octets, and a prerequisite or deletion that is split otherwise never matches.
    var there = fetch(sets);
    var update = new Update(WireRecords.name(zone.value()));
    for (var change : due) {
      var records = there.getOrDefault(change.set(), List.of());
      requireSame(change.set(), change.expected(), understood(records), what);
      put(update, change, records);
    }
    var answer = await(server().sendAsync(update), what);
    if (answer.getRcode() != Rcode.NOERROR) {
      throw refusal(answer, what);
    }
    requireSigned(answer, what);
    // Servers say yes and do nothing where a CNAME is in the way (RFC 2136, 3.4.2.2).
    var after = fetch(sets);
    due.forEach(change ->
        requireSame(
            change.set(),
            change.wanted(),
            understood(after.getOrDefault(change.set(), List.of())),
            what + ", accepted,"));
  }

  private static void put(Update update, Change change, List<Record> there) {
    var set = change.set();
    if (there.isEmpty()) {
      update.absent(WireRecords.name(set.name().value()), WireRecords.type(set.type()));
    } else {
      there.forEach(record -> update.present(withoutTtl(record)));
    }
    there.stream()
        .filter(record ->
            WireRecords.fromWire(record)
                .filter(ours -> change.remove().stream().anyMatch(ours::isSameAs))
                .isPresent())
        .forEach(update::delete);
    change.add().forEach(record -> update.add(WireRecords.toWire(record)));
  }

  private static List<DnsRecord> understood(List<Record> records) {
    return records.stream().map(WireRecords::fromWire).flatMap(Optional::stream).toList();
  }

  private static Change canonical(Change change) {
    return new Change(change.set(), canonical(change.expected()), canonical(change.wanted()));
  }

  /// As the server would give them back: host names in lower case, addresses in one form.
  private static List<DnsRecord> canonical(List<DnsRecord> records) {
    return understood(records.stream().map(WireRecords::toWire).toList());
  }

  private void requireSame(
      RecordQuestion set, List<DnsRecord> expected, List<DnsRecord> there, String what) {
    if (!new Change(set, expected, there).isEmpty()) {
      throw new Unavailable(
          "%s in zone %s at %s: it holds something else than expected; it is read again"
              .formatted(what, zone, primaryName));
    }
  }

  private void requireSigned(Message answer, String what) {
    if (!answer.isVerified()) {
      throw new Unavailable(
          "%s in zone %s: the answer of %s is not signed with the zone's key, so it is not believed"
              .formatted(what, zone, primaryName));
    }
  }

  /// A prerequisite's TTL is zero (RFC 2136, 2.4.2), or the server answers FORMERR.
  private static Record withoutTtl(Record record) {
    var wire = record.toWire(Section.PREREQ);
    int ttl = record.getName().length() + TYPE_AND_CLASS;
    Arrays.fill(wire, ttl, ttl + Integer.BYTES, (byte) 0);
    try {
      return Record.fromWire(wire, Section.PREREQ);
    } catch (IOException e) {
      throw new IllegalStateException("a record that was read cannot be written: " + record, e);
    }
  }

  private SimpleResolver server() {
    var server = new SimpleResolver(primary);
    server.setTCP(true);
    server.setTimeout(TIMEOUT);
    server.setTSIGKey(key);
    return server;
  }

  private Message await(CompletionStage<Message> answer, String what) {
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      var cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new Unavailable(
          "%s in zone %s: the name server %s did not answer readably (%s)"
              .formatted(what, zone, primaryName, cause.getClass().getSimpleName()),
          cause);
    }
  }

  private RuntimeException refusal(Message answer, String what) {
    var tsig = answer.getTSIG();
    int tsigError = tsig == null ? Rcode.NOERROR : tsig.getError();
    var at = "%s in zone %s at %s".formatted(what, zone, primaryName);
    return switch (answer.getRcode()) {
      case Rcode.NOTAUTH -> notAuthorised(at, tsigError, tsig);
      case Rcode.REFUSED ->
          answer.isVerified()
              ? new Refused(at + ": refused. The key is known there, but may not change this zone.")
              : new Refused(
                  FailureType.LOGIN_REFUSED,
                  at + ": refused. The key may be unknown there or may not change this zone.");
      case Rcode.NOTZONE, Rcode.NOTIMP, Rcode.FORMERR ->
          new Refused(at + ": " + Rcode.string(answer.getRcode()));
      case Rcode.NXRRSET, Rcode.YXRRSET, Rcode.NXDOMAIN, Rcode.YXDOMAIN ->
          new Unavailable(at + ": somebody else changed it in between; it is read again");
      default -> new Unavailable(at + ": " + Rcode.string(answer.getRcode()));
    };
  }

  private static RuntimeException notAuthorised(
      String at, int tsigError, @org.jspecify.annotations.Nullable TSIGRecord tsig) {
    if (tsigError == Rcode.BADTIME) {
      return new Refused(at + ": the clocks differ by more than the signature allows (BADTIME)");
    }
    if (tsig != null && tsigError != Rcode.NOERROR) {
      return new Refused(
          FailureType.LOGIN_REFUSED,
          at + ": the key is not accepted (" + Rcode.TSIGstring(tsigError) + ")");
    }
    return new Refused(
        FailureType.LOGIN_REFUSED, at + ": it is not the zone's primary, or the key is wrong");
  }

  /// Opens zones from the settings `server` (name or address), `port`, `keyName`, `algorithm`
  /// (`hmac-sha256` and its like) and the secret's field `secret` (base64).
  public static final class Factory implements DnsProvider.Factory {
    private static final String DEFAULT_PORT = "53";
    private final Network network;

    public Factory(Network network) {
      this.network = network;
    }

    @Override
    public String kind() {
      return "rfc2136";
    }

    @Override
    public DnsProvider open(
        DomainName zone, Map<String, String> settings, Map<String, String> secret) {
      var server = required(settings, "server");
      int port = Integer.parseInt(settings.getOrDefault("port", DEFAULT_PORT));
      var key =
          new TSIG(
              TSIG.algorithmToName(settings.getOrDefault("algorithm", "hmac-sha256")),
              WireRecords.name(required(settings, "keyName")),
              required(secret, "secret"));
      return new Rfc2136DnsProvider(zone, reach(server, port), server, key);
    }

    private InetSocketAddress reach(String server, int port) {
      try {
        return network.reach(new IpAddress(InetAddress.getByName(server).getHostAddress()), port);
      } catch (UnknownHostException e) {
        throw new Refused("the name server \"" + server + "\" has no address");
      }
    }

    private static String required(Map<String, String> fields, String name) {
      var value = fields.get(name);
      if (value == null || value.isBlank()) {
        throw new IllegalArgumentException("rfc2136 needs \"" + name + "\"");
      }
      return value;
    }
  }
}
