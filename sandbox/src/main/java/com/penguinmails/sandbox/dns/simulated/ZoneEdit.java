package com.penguinmails.sandbox.dns.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/// The update section at work, record by record (RFC 2136, 3.4.2). What would break the zone is
/// passed over without a word, as the RFC wants and BIND does: data beside a CNAME, the end of the
/// SOA or of the last NS record.
final class ZoneEdit {
  private static final long SERIALS = 1L << 32;

  private final ZoneCopy before;
  private final Name origin;
  private final List<Record> records;
  private boolean changed;

  ZoneEdit(ZoneCopy before) {
    this.before = before;
    origin = before.origin();
    records = new ArrayList<>(before.records());
  }

  /// Class IN adds a record, NONE takes one away, ANY an RRset or all of a name.
  void apply(Record change) {
    var name = change.getName();
    switch (change.getDClass()) {
      case DClass.NONE -> delete(change);
      case DClass.ANY ->
          remove(record ->
              record.getName().equals(name)
                  && (change.getType() == Type.ANY || record.getType() == change.getType())
                  && !isNeeded(record));
      default -> add(Records.inZone(change));
    }
  }

  /// The zone afterwards, with its serial risen; empty when nothing changed.
  Optional<ZoneCopy> result() {
    if (!changed) {
      return Optional.empty();
    }
    var soa = soa();
    if (soa.getSerial() == before.soa().getSerial()) {
      records.remove(soa);
      records.add(withSerial(soa, following(soa.getSerial())));
    }
    return Optional.of(ZoneCopy.of(records));
  }

  private void add(Record added) {
    int type = added.getType();
    var name = added.getName();
    if (type == Type.SOA) {
      replaceSoa((SOARecord) added);
      return;
    }
    var isAlias = type == Type.CNAME;
    if (has(name, other -> (other.getType() == Type.CNAME) != isAlias)) {
      return;
    }
    var isThere = has(name, other -> other.equals(added) && other.getTTL() == added.getTTL());
    if (isThere) {
      return;
    }
    remove(other -> other.equals(added) || (isAlias && Records.isOf(other, name, type)));
    // One RRset has one time to live (RFC 2181, 5.2): that of the newest record.
    records.replaceAll(other ->
        Records.isOf(other, name, type) ? Records.as(other, DClass.IN, added.getTTL()) : other);
    records.add(added);
    changed = true;
  }

  private void delete(Record deleted) {
    var wanted = Records.as(deleted, DClass.IN, 0);
    var isLastServer =
        Records.isOf(wanted, origin, Type.NS)
            && records.stream().filter(this::isNeeded).count() == 2; // it and the SOA
    if (wanted.getType() != Type.SOA && !isLastServer) {
      remove(wanted::equals);
    }
  }

  private void replaceSoa(SOARecord added) {
    var soa = soa();
    // Only a higher one, in serial arithmetic (RFC 1982).
    long ahead = Math.floorMod(added.getSerial() - soa.getSerial(), SERIALS);
    if (added.getName().equals(origin) && ahead > 0 && ahead < SERIALS / 2) {
      records.remove(soa);
      records.add(added);
      changed = true;
    }
  }

  private void remove(Predicate<Record> which) {
    changed |= records.removeIf(which);
  }

  private boolean has(Name name, Predicate<Record> which) {
    return records.stream().anyMatch(record -> record.getName().equals(name) && which.test(record));
  }

  /// SOA and NS at the zone's own name.
  private boolean isNeeded(Record record) {
    return Records.isOf(record, origin, Type.SOA) || Records.isOf(record, origin, Type.NS);
  }

  private SOARecord soa() {
    return records.stream()
        .filter(SOARecord.class::isInstance)
        .map(SOARecord.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static long following(long serial) {
    return serial == SERIALS - 1 ? 1 : serial + 1;
  }

  private static SOARecord withSerial(SOARecord soa, long serial) {
    return new SOARecord(
        soa.getName(),
        DClass.IN,
        soa.getTTL(),
        soa.getHost(),
        soa.getAdmin(),
        serial,
        soa.getRefresh(),
        soa.getRetry(),
        soa.getExpire(),
        soa.getMinimum());
  }
}
