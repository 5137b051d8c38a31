package com.penguinmails.ports.dns;

import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import java.util.Map;

/// Write access to one zone. Callers hold the zone's lease: one writer at a time. Changes are
/// single records, never whole RRsets, so foreign values beside ours survive. Every method throws
/// `Unavailable`, `RateLimited` or `Refused` (login, rights, zone unknown) and may be repeated.
public interface DnsProvider {
  /// The zone this access is for.
  DomainName zone();

  /// The name servers whom the domain should be delegated to, as the zone's host says; host names
  /// in lower case, without the final dot. Empty: this kind of host does not say.
  List<String> nameServers();

  /// Whether [#change] can work at all. Where it cannot, it always throws `Refused`, and a person
  /// enters the records.
  boolean isWritable();

  /// The RRset as the primary holds it now; empty when there is none.
  List<DnsRecord> read(RecordName name, DnsRecord.Type type);

  /// Makes one RRset go from `expected` to `wanted` by adding and removing single records. Already
  /// as wanted: nothing is sent. A changed TTL alone is no change.
  ///
  /// @param expected the whole RRset as read before the decision
  /// @throws com.penguinmails.workflows.model.OutsideException.Unavailable also when somebody else
  ///   changed the RRset in between: read and decide again
  void change(
      RecordName name, DnsRecord.Type type, List<DnsRecord> expected, List<DnsRecord> wanted);

  /// Opens zones at one kind of DNS host. Opening asks nobody.
  interface Factory {
    /// The provider's name as in the API and the database: `rfc2136`, `cloudflare`, `manual`, …
    String kind();

    /// @param settings not secret: server address, port, key name
    /// @param secret fields of the secret: TSIG key, API token
    /// @throws IllegalArgumentException a setting is missing or not valid
    DnsProvider open(DomainName zone, Map<String, String> settings, Map<String, String> secret);
  }
}
