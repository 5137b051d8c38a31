package com.penguinmails.sandbox.dns.simulated;

import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Small questions about records that dnsjava does not answer itself.
final class Records {
  private Records() {}

  /// The same record with another class and time to live; names in its data become lower case.
  static Record as(Record record, int dclass, long ttl) {
    return Record.newRecord(
        record.getName(), record.getType(), dclass, ttl, record.rdataToWireCanonical());
  }

  /// The record as a zone holds it.
  static Record inZone(Record record) {
    return as(record, DClass.IN, record.getTTL());
  }

  static boolean isOf(Record record, Name name, int type) {
    return record.getType() == type && record.getName().equals(name);
  }

  /// Types that may stand in a question but never in a zone (RFC 6895, 3.1).
  static boolean isMeta(int type) {
    return type == Type.ANY
        || type == Type.AXFR
        || type == Type.IXFR
        || type == Type.MAILA
        || type == Type.MAILB
        || type == Type.OPT
        || type == Type.TSIG
        || type == Type.TKEY;
  }

  /// Whether both hold the same records, whatever their order and time to live.
  static boolean areSame(List<Record> some, List<Record> others) {
    return some.size() == others.size() && some.containsAll(others);
  }
}
