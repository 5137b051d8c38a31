package com.penguinmails.sandbox.dns;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.sandbox.cloudflare.NameServers;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;

/// The DNS of one sandbox instance: a root with `test.` and the reverse zone of the sandbox'
/// network, a primary and a secondary for the tenants' zones, and two recursive resolvers. Zones
/// and records stay when it is stopped.
///
/// What is done to it here is what the people around a zone do: the tenant, their registrar, the
/// provider of an address, and bad luck.
public interface DnsWorld extends AutoCloseable {
  /// The resolver of this world, for the orchestrator.
  Resolver resolver();

  /// Addresses of the root servers.
  List<IpAddress> roots();

  /// Addresses of the recursive resolvers.
  List<IpAddress> recursive();

  /// Makes a zone on both authoritative servers and delegates it; a fault of it is lifted. Safe to
  /// repeat: the same zone has the same key.
  ZoneKey delegate(DomainName zone);

  /// The PTR record, as the provider of the address would set it.
  void setPtr(IpAddress address, DomainName name);

  /// Makes an RRset of a delegated zone this, by hand, as the tenant would. No value takes the
  /// RRset away.
  void put(DomainName zone, RecordName name, DnsRecord.Type type, String... values);

  /// The name servers of this world, as those of the simulated Cloudflare: what its API was told is
  /// written to the primary. Zones must be delegated before.
  default NameServers cloudflare() {
    return new NameServers() {
      @Override
      public List<String> names() {
        return List.of("ns1.test", "ns2.test");
      }

      @Override
      public void serve(String zone, String name, String type, List<String> values) {
        put(
            new DomainName(zone),
            new RecordName(name),
            DnsRecord.Type.valueOf(type),
            values.toArray(String[]::new));
      }
    };
  }

  /// The RRset at the primary.
  List<DnsRecord> read(DomainName zone, RecordName name, DnsRecord.Type type);

  /// The zone's own key may not change it any more.
  void refuseUpdates(DomainName zone);

  /// Both servers answer SERVFAIL for the zone.
  void servfail(DomainName zone);

  /// Nobody is sent to the zone's servers any more.
  void undelegate(DomainName zone);

  /// The secondary hears of no change any more.
  void staleSecondary(DomainName zone);

  /// The first recursive resolver, which the certificate authority asks too, says that the name
  /// does not exist, whatever the zone has.
  void hide(RecordName name);

  /// Ends [#hide].
  void showAgain(RecordName name);

  /// Lifts every fault of the zone.
  void heal(DomainName zone);

  /// Stops all servers; zones and records stay.
  @Override
  void close();
}
