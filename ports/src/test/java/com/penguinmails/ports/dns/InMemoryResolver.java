package com.penguinmails.ports.dns;

import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A resolver that answers from records held in memory, as one recursive server would. It knows no
/// delegations.
public final class InMemoryResolver implements Resolver {
  private static final String SERVER = "in-memory";

  private final Map<RecordName, List<DnsRecord>> records = new ConcurrentHashMap<>();
  private final Map<RecordName, String> failing = new ConcurrentHashMap<>();

  /// Adds a record beside those already there.
  public InMemoryResolver add(String name, DnsRecord.Type type, String value) {
    var owner = new RecordName(name);
    records
        .computeIfAbsent(owner, _ -> new ArrayList<>())
        .add(new DnsRecord(owner, type, value, 300));
    return this;
  }

  /// Replaces all records of the name and type by one.
  public InMemoryResolver set(String name, DnsRecord.Type type, String value) {
    return remove(name, type).add(name, type, value);
  }

  /// Removes all records of the name and type.
  public InMemoryResolver remove(String name, DnsRecord.Type type) {
    var held = records.get(new RecordName(name));
    if (held != null) {
      held.removeIf(record -> record.type() == type);
    }
    return this;
  }

  /// From now on this name cannot be resolved.
  public InMemoryResolver fail(String name, String reason) {
    failing.put(new RecordName(name), reason);
    return this;
  }

  @Override
  public Optional<Delegation> delegation(RecordName name) {
    return Optional.empty();
  }

  @Override
  public List<ServerAnswer> askAuthoritative(
      Delegation delegation, RecordName name, DnsRecord.Type type) {
    return List.of();
  }

  @Override
  public List<ServerAnswer> askRecursive(RecordName name, DnsRecord.Type type) {
    return List.of(new ServerAnswer(SERVER, answer(name, type)));
  }

  private Answer answer(RecordName name, DnsRecord.Type type) {
    var reason = failing.get(name);
    if (reason != null) {
      return new Answer.Failed(reason);
    }
    var held = records.getOrDefault(name, List.of());
    var found = held.stream().filter(record -> record.type() == type).toList();
    if (!found.isEmpty()) {
      return new Answer.Found(found);
    }
    for (var record : held) {
      if (record.type() == DnsRecord.Type.CNAME) {
        return new Answer.Alias(new RecordName(record.value()));
      }
    }
    return new Answer.Absent(!held.isEmpty());
  }
}
