package com.penguinmails.sandbox.dns.simulated;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.dns.dnsjava.DnsjavaResolver;
import com.penguinmails.ports.dns.dnsjava.WireRecords;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.sandbox.dns.ZoneKey;
import com.penguinmails.sandbox.dns.simulated.DnsFaults.Fault;
import com.penguinmails.sandbox.dns.simulated.DnsFaults.Target;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/// A simulated DNS inside this process, on loopback: no container, no other program. The servers of
/// [Server] speak real DNS and answer from zones that they keep below one directory; faults are
/// planned ([#faults]) and end with the process.
///
/// Any domain may be delegated, `zen.spamhaus.org` too: top-level domains appear as needed.
public final class SimulatedDnsWorld implements DnsWorld {
  private static final Duration RESOLVER_TIMEOUT = Duration.ofSeconds(2);
  private static final int TTL = 30; // seconds
  private static final int DNS = 53;

  private final LoopbackNetwork network;
  private final String worldKey;
  private final ZoneStore copies;
  private final ZoneStore originals;
  private final AuthoritativeServer primary;
  private final AuthoritativeServer secondary;
  private final Registries registries;
  private final RecursiveServer firstRecursive;
  private final DnsFaults faults = new DnsFaults();
  private final Set<Name> locked = ConcurrentHashMap.newKeySet();
  private final Set<Name> stale = ConcurrentHashMap.newKeySet();
  private final List<SimulatedServer> servers = new ArrayList<>();

  private SimulatedDnsWorld(Path directory, LoopbackNetwork network) {
    this.network = network;
    worldKey = KeyOfWorld.in(directory);
    copies = ZoneStore.open(directory.resolve("secondary"));
    secondary = new AuthoritativeServer(copies, (_, _) -> false, _ -> {});
    originals = ZoneStore.open(directory.resolve("primary"));
    primary = new AuthoritativeServer(originals, this::mayChange, this::feedSecondary);
    var registered = ZoneStore.open(directory.resolve("root"));
    var root = new AuthoritativeServer(registered, (_, _) -> false, _ -> {});
    registries = new Registries(registered, root);
    firstRecursive = new RecursiveServer(network, roots(), false);
    originals.all().forEach(this::feedSecondary); // what it missed when a kill came in between
    open(Server.ROOT, root, _ -> Optional.empty());
    open(Server.PRIMARY, primary, this::key);
    open(Server.SECONDARY, secondary, _ -> Optional.empty());
    open(Server.FIRST_RECURSIVE, firstRecursive, _ -> Optional.empty());
    var secondRecursive = new RecursiveServer(network, roots(), true);
    open(Server.SECOND_RECURSIVE, secondRecursive, _ -> Optional.empty());
  }

  /// Starts the servers on the zones of this directory; one that is not there is made, with nothing
  /// delegated. One process per directory and network.
  public static SimulatedDnsWorld start(Path directory, LoopbackNetwork network) {
    return new SimulatedDnsWorld(directory, network);
  }

  private void open(Server server, Answering answering, Function<Name, Optional<TSIG>> keys) {
    try {
      var at = network.reach(server.address(), DNS);
      servers.add(new SimulatedServer(server, at, answering, keys, faults));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// What is to go wrong.
  public DnsFaults faults() {
    return faults;
  }

  @Override
  public Resolver resolver() {
    return new DnsjavaResolver(roots(), recursive(), network, RESOLVER_TIMEOUT);
  }

  @Override
  public List<IpAddress> roots() {
    return List.of(Server.ROOT.address());
  }

  @Override
  public List<IpAddress> recursive() {
    return List.of(Server.FIRST_RECURSIVE.address(), Server.SECOND_RECURSIVE.address());
  }

  @Override
  public ZoneKey delegate(DomainName zone) {
    var origin = WireRecords.name(zone.value());
    locked.remove(origin);
    stale.remove(origin);
    faults.heal(zone);
    originals
        .find(origin)
        .ifPresentOrElse(
            this::feedSecondary,
            () -> primary.take(Registries.bare(origin, Registries.NAME_SERVERS)));
    registries.delegate(origin, true);
    return ZoneKey.of(zone, Server.PRIMARY.address(), worldKey);
  }

  @Override
  public void setPtr(IpAddress address, DomainName name) {
    registries.setPtr(address, WireRecords.name(name.value()));
  }

  @Override
  public void put(DomainName zone, RecordName name, DnsRecord.Type type, String... values) {
    var there = rrset(zone, name, type);
    var wanted =
        Stream.of(values)
            .map(value -> WireRecords.toWire(new DnsRecord(name, type, value, TTL)))
            .distinct()
            .toList();
    var changes =
        Stream.concat(
                wanted.stream(), // first, or the last NS record of a zone would stay
                there.stream()
                    .filter(record -> !wanted.contains(record))
                    .map(record -> Records.as(record, DClass.NONE, 0)))
            .toList();
    int code = primary.change(WireRecords.name(zone.value()), changes);
    if (code != Rcode.NOERROR || !Records.areSame(wanted, rrset(zone, name, type))) {
      throw new IllegalArgumentException(
          "the simulated DNS does not take %s %s %s (%s)"
              .formatted(name, type, List.of(values), Rcode.string(code)));
    }
  }

  @Override
  public List<DnsRecord> read(DomainName zone, RecordName name, DnsRecord.Type type) {
    return rrset(zone, name, type).stream()
        .map(WireRecords::fromWire)
        .flatMap(Optional::stream)
        .toList();
  }

  /// All records of a zone but those that make it one: SOA, and the name servers at its top.
  public List<DnsRecord> content(DomainName zone) {
    var origin = WireRecords.name(zone.value());
    return originals.find(origin).stream()
        .flatMap(copy -> copy.records().stream())
        .filter(record -> record.getType() != Type.SOA)
        .filter(record -> record.getType() != Type.NS || !record.getName().equals(origin))
        .map(record ->
            WireRecords.fromWire(record)
                .orElseThrow(() -> new IllegalStateException("nobody here knows " + record)))
        .toList();
  }

  private List<Record> rrset(DomainName zone, RecordName name, DnsRecord.Type type) {
    return originals
        .find(WireRecords.name(zone.value()))
        .orElseThrow(() -> new IllegalArgumentException("no zone " + zone + " in this world"))
        .rrset(WireRecords.name(name.value()), WireRecords.type(type));
  }

  @Override
  public void refuseUpdates(DomainName zone) {
    locked.add(WireRecords.name(zone.value()));
  }

  @Override
  public void servfail(DomainName zone) {
    faults.keep(Target.of(Server.PRIMARY, zone), new Fault.Servfail());
    faults.keep(Target.of(Server.SECONDARY, zone), new Fault.Servfail());
  }

  @Override
  public void undelegate(DomainName zone) {
    registries.delegate(WireRecords.name(zone.value()), false);
  }

  @Override
  public void staleSecondary(DomainName zone) {
    stale.add(WireRecords.name(zone.value()));
  }

  @Override
  public void hide(RecordName name) {
    firstRecursive.hide(WireRecords.name(name.value()));
  }

  @Override
  public void showAgain(RecordName name) {
    firstRecursive.show(WireRecords.name(name.value()));
  }

  @Override
  public void heal(DomainName zone) {
    var _ = delegate(zone);
  }

  @Override
  public void close() {
    servers.forEach(SimulatedServer::close);
  }

  /// The primary knows the key of each zone it holds; it is named after the zone.
  private Optional<TSIG> key(Name name) {
    return originals
        .find(name)
        .map(zone -> new DomainName(zone.origin().toString(true)))
        .map(zone -> ZoneKey.of(zone, Server.PRIMARY.address(), worldKey))
        .map(key -> new TSIG(TSIG.HMAC_SHA256, name, key.secret()));
  }

  private boolean mayChange(Name key, Name zone) {
    return key.equals(zone) && !locked.contains(zone);
  }

  private void feedSecondary(ZoneCopy zone) {
    var isFed =
        copies
            .find(zone.origin())
            .map(copy -> copy.soa().getSerial() == zone.soa().getSerial())
            .orElse(false);
    if (!isFed && !stale.contains(zone.origin())) {
      secondary.take(zone);
    }
  }
}
