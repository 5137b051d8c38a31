package com.penguinmails.sandbox.dns.simulated;

import com.penguinmails.ports.dns.dnsjava.WireRecords;
import com.penguinmails.workflows.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/// Who is above the tenants' zones: the root, the top-level domains, each made when the first name
/// below it is delegated, and who rents out the addresses of TEST-NET-1.
final class Registries {
  static final List<Name> NAME_SERVERS =
      List.of(Name.fromConstantString("ns1.test."), Name.fromConstantString("ns2.test."));

  private static final Name ROOT_SERVER = Name.fromConstantString("a.root-servers.test.");
  private static final Name ADMIN = Name.fromConstantString("admin.test.");
  private static final Name TEST = Name.fromConstantString("test.");
  private static final Name REVERSE = Name.fromConstantString("2.0.192.in-addr.arpa.");
  private static final int TTL = 5; // seconds
  private static final int PTR_TTL = 30;
  private static final int REFRESH = 60;
  private static final int RETRY = 10;
  private static final int EXPIRE = 86_400;
  private static final int NEGATIVE_TTL = 2;

  private final ZoneStore zones;
  private final AuthoritativeServer server;

  Registries(ZoneStore zones, AuthoritativeServer server) {
    this.zones = zones;
    this.server = server;
    make(Name.root);
    make(TEST);
    make(REVERSE);
    change(Name.root, List.of(addressOf(ROOT_SERVER, Server.ROOT)));
    change(
        TEST,
        List.of(
            addressOf(ROOT_SERVER, Server.ROOT),
            addressOf(NAME_SERVERS.getFirst(), Server.PRIMARY),
            addressOf(NAME_SERVERS.getLast(), Server.SECONDARY)));
  }

  /// A zone with nothing in it but what each needs.
  static ZoneCopy bare(Name origin, List<Name> servers) {
    var soa =
        new SOARecord(
            origin,
            DClass.IN,
            TTL,
            servers.getFirst(),
            ADMIN,
            1,
            REFRESH,
            RETRY,
            EXPIRE,
            NEGATIVE_TTL);
    return ZoneCopy.of(
        Stream.concat(Stream.of(soa), servers.stream().map(name -> delegation(origin, name)))
            .toList());
  }

  /// Sends the world to the tenants' servers for this zone, or no longer.
  void delegate(Name zone, boolean isDelegated) {
    var topLevel = new Name(zone, zone.labels() - 2);
    make(topLevel);
    var servers = NAME_SERVERS.stream().<Record>map(name -> delegation(zone, name)).toList();
    change(
        topLevel,
        isDelegated
            ? servers
            : servers.stream().map(record -> Records.as(record, DClass.NONE, 0)).toList());
  }

  /// Sets the name of an address; the one before is gone.
  void setPtr(IpAddress address, Name name) {
    var owner = WireRecords.name(address.reverseName().value());
    var wanted = new PTRRecord(owner, DClass.IN, PTR_TTL, name);
    var changes = new ArrayList<Record>();
    zones.find(REVERSE).orElseThrow().rrset(owner, wanted.getType()).stream()
        .filter(record -> !record.equals(wanted))
        .forEach(record -> changes.add(Records.as(record, DClass.NONE, 0)));
    changes.add(wanted);
    change(REVERSE, changes);
  }

  private void make(Name origin) {
    if (zones.find(origin).isPresent()) {
      return;
    }
    server.take(bare(origin, List.of(ROOT_SERVER)));
    if (!origin.equals(Name.root)) {
      change(Name.root, List.of(delegation(origin, ROOT_SERVER)));
    }
  }

  private void change(Name zone, List<Record> changes) {
    int code = server.change(zone, changes);
    if (code != Rcode.NOERROR) {
      throw new IllegalArgumentException(
          "%s is not for the registries of this world (%s)"
              .formatted(changes.getFirst().getName(), Rcode.string(code)));
    }
  }

  private static NSRecord delegation(Name zone, Name server) {
    return new NSRecord(zone, DClass.IN, TTL, server);
  }

  private static Record addressOf(Name name, Server server) {
    return new ARecord(name, DClass.IN, TTL, server.address().toInetAddress());
  }
}
