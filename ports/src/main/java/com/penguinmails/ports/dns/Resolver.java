package com.penguinmails.ports.dns;

import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import java.util.Optional;

/// Asks DNS, authoritative servers and recursive ones separately, and never mixes the two. A server
/// that does not answer is an answer of its own, not an exception.
public interface Resolver {
  /// The enclosing zone of a name and the name servers its parent delegates it to.
  ///
  /// @return empty when no zone below the root holds the name (not registered, not delegated)
  /// @throws com.penguinmails.workflows.model.OutsideException.Unavailable no server of the root or
  ///   of the top-level domain answered: not the same as not delegated
  Optional<Delegation> delegation(RecordName name);

  /// Asks every authoritative server of the zone directly, without recursion.
  List<ServerAnswer> askAuthoritative(Delegation delegation, RecordName name, DnsRecord.Type type);

  /// Asks each configured recursive resolver.
  List<ServerAnswer> askRecursive(RecordName name, DnsRecord.Type type);

  /// @param servers names of the zone's servers with the addresses they were asked at
  record Delegation(DomainName zone, List<NameServer> servers) {
    public Delegation {
      servers = List.copyOf(servers);
    }
  }

  /// @param address textual address, empty when the name could not be resolved
  record NameServer(String name, Optional<String> address) {}

  /// @param server name or address of who answered
  record ServerAnswer(String server, Answer answer) {}

  /// What one server said.
  sealed interface Answer {
    /// The RRset; TTLs as answered.
    record Found(List<DnsRecord> records) implements Answer {
      public Found {
        records = List.copyOf(records);
      }
    }

    /// The name exists but not with this type, or the name does not exist.
    record Absent(boolean nameExists) implements Answer {}

    /// The name is an alias (CNAME) for another.
    record Alias(RecordName target) implements Answer {}

    /// SERVFAIL, REFUSED, lame, time-out: unknown, not absent.
    record Failed(String reason) implements Answer {}
  }
}
