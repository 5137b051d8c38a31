package com.penguinmails.ports.dns.dnsjava;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/// Walks delegations from the root itself, asks authoritative servers without recursion, and
/// recursive resolvers apart from them. UDP first, TCP where an answer is cut. Keeps nothing.
public final class DnsjavaResolver implements Resolver {
  // https://www.iana.org/domains/root/servers: a, d, f, k and m; one that answers is enough.
  private static final List<IpAddress> ROOTS =
      List.of(
          new IpAddress("198.41.0.4"),
          new IpAddress("199.7.91.13"),
          new IpAddress("192.5.5.241"),
          new IpAddress("193.0.14.129"),
          new IpAddress("202.12.27.33"));
  // Cloudflare, Google, Quad9: three operators, so that one of them being stale shows.
  private static final List<IpAddress> PUBLIC =
      List.of(new IpAddress("1.1.1.1"), new IpAddress("8.8.8.8"), new IpAddress("9.9.9.9"));
  private static final Duration INTERNET_TIMEOUT = Duration.ofSeconds(4);
  private static final int TOP_LEVEL_LABELS = 2; // its own and the root's
  private static final int MAX_REFERRALS = 16;
  private static final int MAX_GLUE_DEPTH = 3;

  private final List<IpAddress> roots;
  private final List<IpAddress> recursive;
  private final Network network;
  private final Duration timeout;

  /// @param roots addresses of root servers
  /// @param recursive resolvers to ask, each by itself
  /// @param timeout of one question to one server
  public DnsjavaResolver(
      List<IpAddress> roots, List<IpAddress> recursive, Network network, Duration timeout) {
    this.roots = List.copyOf(roots);
    this.recursive = List.copyOf(recursive);
    this.network = network;
    this.timeout = timeout;
  }

  /// The Internet's root servers and three public resolvers.
  public static DnsjavaResolver internet(Network network) {
    return new DnsjavaResolver(ROOTS, PUBLIC, network, INTERNET_TIMEOUT);
  }

  @Override
  public Optional<Delegation> delegation(RecordName name) {
    // A name that only its top-level domain answers for is not registered.
    return walk(name.value(), 0)
        .filter(cut -> cut.zone().labels() > TOP_LEVEL_LABELS)
        .map(cut -> new Delegation(new DomainName(WireRecords.bare(cut.zone())), cut.servers()));
  }

  private Optional<ZoneCut> walk(String name, int depth) {
    var asked = WireRecords.name(name);
    var zone = Name.root;
    var servers =
        roots.stream().map(root -> new NameServer("root", Optional.of(root.value()))).toList();
    for (int referral = 0; referral < MAX_REFERRALS; referral++) {
      var answer = firstAnswer(servers, asked);
      if (answer.isEmpty()) {
        if (zone.labels() <= TOP_LEVEL_LABELS) {
          throw new Unavailable(
              "Asking who serves %s: no name server of \"%s\" answered, so nothing is known about it"
                  .formatted(name, WireRecords.bare(zone)));
        }
        break; // the zone is delegated, its own servers are silent: each says so when asked
      }
      var referred = deeper(answer.get(), zone, asked);
      if (referred.isPresent()) {
        zone = referred.get();
        servers = serversOf(answer.get(), zone, depth);
        continue;
      }
      // A server of parent and child answers for the child at once: its SOA names the zone.
      var apex = apex(answer.get(), zone, asked);
      if (apex.isEmpty()) {
        break;
      }
      zone = apex.get();
      servers = serversOfApex(servers, zone, depth);
    }
    return zone.equals(Name.root) ? Optional.empty() : Optional.of(new ZoneCut(zone, servers));
  }

  private Optional<Message> firstAnswer(List<NameServer> servers, Name asked) {
    for (var server : servers) {
      var answer =
          server
              .address()
              .flatMap(address -> tryAsk(new IpAddress(address), asked, Type.NS, false));
      if (answer.isPresent()
          && (answer.get().getRcode() == Rcode.NOERROR
              || answer.get().getRcode() == Rcode.NXDOMAIN)) {
        return answer;
      }
    }
    return Optional.empty();
  }

  /// The zone a referral or an authoritative NS answer leads to, when it is deeper than this one.
  private static Optional<Name> deeper(Message answer, Name zone, Name asked) {
    for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
      for (Record record : answer.getSection(section)) {
        if (record.getType() == Type.NS
            && asked.subdomain(record.getName())
            && record.getName().labels() > zone.labels()) {
          return Optional.of(record.getName());
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Name> apex(Message answer, Name zone, Name asked) {
    return answer.getSection(Section.AUTHORITY).stream()
        .filter(record -> record.getType() == Type.SOA)
        .map(Record::getName)
        .filter(owner -> asked.subdomain(owner) && owner.labels() > zone.labels())
        .findFirst();
  }

  private List<NameServer> serversOfApex(List<NameServer> servers, Name zone, int depth) {
    var named =
        firstAnswer(servers, zone).map(answer -> serversOf(answer, zone, depth)).orElse(List.of());
    return named.isEmpty() ? servers : named;
  }

  private List<NameServer> serversOf(Message answer, Name zone, int depth) {
    var servers = new ArrayList<NameServer>();
    for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
      for (Record record : answer.getSection(section)) {
        if (record instanceof NSRecord ns && ns.getName().equals(zone)) {
          servers.add(
              new NameServer(
                  WireRecords.bare(ns.getTarget()), addressOf(answer, ns.getTarget(), depth)));
        }
      }
    }
    return servers;
  }

  private Optional<String> addressOf(Message answer, Name server, int depth) {
    for (Record record : answer.getSection(Section.ADDITIONAL)) {
      if (record instanceof ARecord a && a.getName().equals(server)) {
        return Optional.of(a.getAddress().getHostAddress());
      }
    }
    if (depth >= MAX_GLUE_DEPTH) {
      return Optional.empty();
    }
    return walk(WireRecords.bare(server), depth + 1).stream()
        .flatMap(cut -> cut.servers().stream())
        .flatMap(ns -> ns.address().stream())
        .flatMap(address -> tryAsk(new IpAddress(address), server, Type.A, false).stream())
        .flatMap(message -> message.getSection(Section.ANSWER).stream())
        .filter(ARecord.class::isInstance)
        .map(record -> ((ARecord) record).getAddress().getHostAddress())
        .findFirst();
  }

  @Override
  public List<ServerAnswer> askAuthoritative(
      Delegation delegation, RecordName name, DnsRecord.Type type) {
    return delegation.servers().stream()
        .map(server ->
            new ServerAnswer(
                server.name(),
                server
                    .address()
                    .map(address -> ask(new IpAddress(address), name, type, false))
                    .orElseGet(() -> new Answer.Failed("its address is unknown"))))
        .toList();
  }

  @Override
  public List<ServerAnswer> askRecursive(RecordName name, DnsRecord.Type type) {
    return recursive.stream()
        .map(server -> new ServerAnswer(server.value(), ask(server, name, type, true)))
        .toList();
  }

  private Answer ask(IpAddress server, RecordName name, DnsRecord.Type type, boolean recurse) {
    var asked = WireRecords.name(name.value());
    try {
      return read(send(server, asked, WireRecords.type(type), recurse), asked, type, recurse);
    } catch (IOException e) {
      return new Answer.Failed("no answer (" + e.getClass().getSimpleName() + ")");
    } catch (IllegalArgumentException odd) {
      return new Answer.Failed("an answer we cannot read");
    }
  }

  private static Answer read(Message answer, Name asked, DnsRecord.Type type, boolean recurse) {
    int rcode = answer.getRcode();
    if (rcode == Rcode.NXDOMAIN) {
      return new Answer.Absent(false);
    }
    if (rcode != Rcode.NOERROR) {
      return new Answer.Failed(Rcode.string(rcode));
    }
    if (!recurse && !answer.getHeader().getFlag(Flags.AA)) {
      return new Answer.Failed("not authoritative for the zone (lame)");
    }
    var found =
        answer.getSection(Section.ANSWER).stream()
            .filter(record -> record.getType() == WireRecords.type(type))
            .filter(record -> record.getName().equals(asked))
            .map(WireRecords::fromWire)
            .flatMap(Optional::stream)
            .toList();
    if (!found.isEmpty()) {
      return new Answer.Found(found);
    }
    return answer.getSection(Section.ANSWER).stream()
        .filter(record -> record instanceof CNAMERecord && record.getName().equals(asked))
        .findFirst()
        .<Answer>map(alias ->
            new Answer.Alias(new RecordName(WireRecords.bare(((CNAMERecord) alias).getTarget()))))
        .orElseGet(() -> new Answer.Absent(true));
  }

  private Optional<Message> tryAsk(IpAddress server, Name name, int type, boolean recurse) {
    try {
      return Optional.of(send(server, name, type, recurse));
    } catch (IOException | IllegalArgumentException silent) { // or an answer we cannot read
      return Optional.empty();
    }
  }

  private Message send(IpAddress server, Name name, int type, boolean recurse) throws IOException {
    var resolver = new SimpleResolver(network.reach(server, SimpleResolver.DEFAULT_PORT));
    resolver.setTimeout(timeout);
    var query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    if (!recurse) {
      query.getHeader().unsetFlag(Flags.RD);
    }
    return resolver.send(query);
  }

  private record ZoneCut(Name zone, List<NameServer> servers) {}
}
