package com.penguinmails.ports.dns;

import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.RecordQuestion;
import java.util.Collection;
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

  /// The RRsets as the primary holds them now, all in one list, with as few calls as the zone's
  /// host allows; of one that is not there, nothing.
  List<DnsRecord> read(Collection<RecordQuestion> questions);

  /// One RRset as the primary holds it now; empty when there is none.
  default List<DnsRecord> read(RecordName name, DnsRecord.Type type) {
    return read(List.of(new RecordQuestion(name, type)));
  }

  /// Makes RRsets go from `expected` to `wanted` by adding and removing single records, all of them
  /// or none, in one call. Already as wanted: nothing is sent. A changed TTL alone is no change.
  ///
  /// @param changes few enough for one call, at most 100 records; no RRset twice
  /// @throws com.penguinmails.workflows.model.OutsideException.Unavailable also when somebody else
  ///   changed an RRset in between: read and decide again
  void change(List<Change> changes);

  /// As [#change(List)], for one RRset.
  default void change(
      RecordName name, DnsRecord.Type type, List<DnsRecord> expected, List<DnsRecord> wanted) {
    change(List.of(new Change(new RecordQuestion(name, type), expected, wanted)));
  }

  /// What is to become of one RRset.
  ///
  /// @param expected the whole RRset as read before the decision
  record Change(RecordQuestion set, List<DnsRecord> expected, List<DnsRecord> wanted) {
    public Change {
      expected = List.copyOf(expected);
      wanted = List.copyOf(wanted);
    }

    /// Records to be added.
    public List<DnsRecord> add() {
      return without(wanted, expected);
    }

    /// Records to be taken out.
    public List<DnsRecord> remove() {
      return without(expected, wanted);
    }

    /// Whether nothing is to be done.
    public boolean isEmpty() {
      return add().isEmpty() && remove().isEmpty();
    }

    /// As words in an error: which RRset, or how many.
    public static String shown(List<Change> changes) {
      var first = changes.getFirst().set();
      return changes.size() == 1
          ? "changing %s %s".formatted(first.name(), first.type())
          : "changing %d record sets from %s %s on"
              .formatted(changes.size(), first.name(), first.type());
    }

    private static List<DnsRecord> without(List<DnsRecord> records, List<DnsRecord> others) {
      return records.stream()
          .filter(record -> others.stream().noneMatch(record::isSameAs))
          .toList();
    }
  }

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
