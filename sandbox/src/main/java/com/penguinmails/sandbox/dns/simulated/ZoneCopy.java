package com.penguinmails.sandbox.dns.simulated;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/// One zone as one server holds it. It never changes: a change makes another one ([ZoneEdit]).
final class ZoneCopy {
  private static final Name ASTERISK = Name.fromConstantString("*");

  private final SOARecord soa;
  private final NavigableMap<Name, NavigableMap<Integer, List<Record>>> nodes = new TreeMap<>();

  private ZoneCopy(SOARecord soa, Collection<? extends Record> records) {
    this.soa = soa;
    for (var record : records) {
      nodes
          .computeIfAbsent(record.getName(), _ -> new TreeMap<>())
          .computeIfAbsent(record.getType(), _ -> new ArrayList<>())
          .add(record);
    }
  }

  /// A zone of these records.
  ///
  /// @throws IllegalArgumentException there is not one SOA among them
  static ZoneCopy of(Collection<? extends Record> records) {
    var soas =
        records.stream().filter(SOARecord.class::isInstance).map(SOARecord.class::cast).toList();
    if (soas.size() != 1) {
      throw new IllegalArgumentException("a zone with " + soas.size() + " SOA records");
    }
    return new ZoneCopy(soas.getFirst(), records);
  }

  /// Reads what [#text] wrote, or any master file (RFC 1035, 5) with absolute names.
  static ZoneCopy parse(String text) throws IOException {
    var records = new ArrayList<Record>();
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    try (var master = new Master(new ByteArrayInputStream(bytes), Name.root)) {
      for (var record = master.nextRecord(); record != null; record = master.nextRecord()) {
        records.add(record);
      }
    }
    return of(records);
  }

  /// The zone as a master file. Data is in the form that every type has (RFC 3597, 5), which no
  /// escape can spoil; what a person reads stands behind it.
  String text() {
    var text = new StringBuilder();
    for (var record : records()) {
      var data = record.rdataToWireCanonical();
      text.append(
          "%s %d IN %s \\# %d %s ; %s\n"
              .formatted(
                  record.getName(),
                  record.getTTL(),
                  Type.string(record.getType()),
                  data.length,
                  HexFormat.of().formatHex(data),
                  record.rdataToString().replaceAll("[^ -~]", "?")));
    }
    return text.toString();
  }

  Name origin() {
    return soa.getName();
  }

  SOARecord soa() {
    return soa;
  }

  /// All records, sorted by name.
  List<Record> records() {
    return nodes.values().stream()
        .flatMap(node -> node.values().stream())
        .flatMap(List::stream)
        .toList();
  }

  /// The records at exactly this name, of every type.
  List<Record> at(Name name) {
    return node(name).values().stream().flatMap(List::stream).toList();
  }

  /// The records at exactly this name and of this type; those below a delegation too.
  List<Record> rrset(Name name, int type) {
    return List.copyOf(node(name).getOrDefault(type, List.of()));
  }

  private Map<Integer, List<Record>> node(Name name) {
    return nodes.getOrDefault(name, new TreeMap<>());
  }

  /// What a server says that has this zone (RFC 1034, 4.3.2, and RFC 4592 for wildcards).
  Finding find(Name name, int type) {
    var cut = cut(name);
    if (cut.isPresent()) {
      return new Finding.Referral(cut.get());
    }
    if (exists(name)) {
      return read(at(name), type);
    }
    var wild = at(wildcardFor(name));
    return wild.isEmpty()
        ? new Finding.Absent(false)
        : read(wild.stream().map(record -> record.withName(name)).toList(), type);
  }

  private static Finding read(List<Record> node, int type) {
    var found =
        node.stream().filter(record -> type == Type.ANY || record.getType() == type).toList();
    if (!found.isEmpty()) {
      return new Finding.Found(found);
    }
    return node.stream()
        .filter(record -> record.getType() == Type.CNAME)
        .findFirst()
        .<Finding>map(Finding.Alias::new)
        .orElseGet(() -> new Finding.Absent(true));
  }

  /// The name servers of the delegation that the name lies at or below.
  private Optional<List<Record>> cut(Name name) {
    for (int labels = origin().labels() + 1; labels <= name.labels(); labels++) {
      var servers = rrset(new Name(name, name.labels() - labels), Type.NS);
      if (!servers.isEmpty()) {
        return Optional.of(servers);
      }
    }
    return Optional.empty();
  }

  /// A name exists when it, or one below it, has records. In canonical order those below come next.
  private boolean exists(Name name) {
    var next = nodes.ceilingKey(name);
    return next != null && next.subdomain(name);
  }

  private Name wildcardFor(Name name) {
    int strip = 1;
    while (!exists(new Name(name, strip))) {
      strip++;
    }
    try {
      return Name.concatenate(ASTERISK, new Name(name, strip));
    } catch (org.xbill.DNS.NameTooLongException e) {
      return name; // no such wildcard can have been written
    }
  }

  /// What there is at a name.
  sealed interface Finding {
    /// Records of the type that was asked for.
    record Found(List<Record> records) implements Finding {}

    /// Another name has the records.
    record Alias(Record cname) implements Finding {}

    /// Other servers know.
    record Referral(List<Record> servers) implements Finding {}

    /// No such record, and perhaps no such name.
    record Absent(boolean nameExists) implements Finding {}
  }
}
