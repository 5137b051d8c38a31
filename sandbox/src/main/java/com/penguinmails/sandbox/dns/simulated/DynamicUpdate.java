package com.penguinmails.sandbox.dns.simulated;

import java.util.List;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// One update of one zone, all of it or nothing (RFC 2136, 3.2 and 3.4).
///
/// @param rcode what the server answers
/// @param after the zone afterwards; empty when it stays as it is
record DynamicUpdate(int rcode, Optional<ZoneCopy> after) {
  static DynamicUpdate of(ZoneCopy zone, List<Record> prerequisites, List<Record> changes) {
    int code = Prerequisites.check(zone, prerequisites);
    if (code != Rcode.NOERROR) {
      return refused(code);
    }
    for (var change : changes) {
      code = look(zone, change);
      if (code != Rcode.NOERROR) {
        return refused(code);
      }
    }
    var edit = new ZoneEdit(zone);
    changes.forEach(edit::apply);
    var after = edit.result();
    return after.isPresent() && !mayStand(after.get(), changes)
        ? refused(Rcode.REFUSED)
        : new DynamicUpdate(Rcode.NOERROR, after);
  }

  private static DynamicUpdate refused(int code) {
    return new DynamicUpdate(code, Optional.empty());
  }

  /// Looked at before the first one is applied (3.4.1).
  private static int look(ZoneCopy zone, Record change) {
    if (!change.getName().subdomain(zone.origin())) {
      return Rcode.NOTZONE;
    }
    var isBare = change.rdataToWireCanonical().length == 0;
    int type = change.getType();
    var isWellFormed =
        switch (change.getDClass()) {
          case DClass.IN -> !isBare && !Records.isMeta(type);
          case DClass.NONE -> !isBare && !Records.isMeta(type) && change.getTTL() == 0;
          case DClass.ANY ->
              isBare && (type == Type.ANY || !Records.isMeta(type)) && change.getTTL() == 0;
          default -> false;
        };
    return isWellFormed ? Rcode.NOERROR : Rcode.FORMERR;
  }

  /// BIND refuses a whole update that adds an MX to a host of the zone that has no address, or that
  /// is an alias (its option `check-integrity`, on unless switched off).
  private static boolean mayStand(ZoneCopy after, List<Record> changes) {
    return changes.stream()
        .filter(change -> change.getDClass() == DClass.IN)
        .filter(MXRecord.class::isInstance)
        .map(change -> ((MXRecord) change).getTarget())
        .filter(target -> target.subdomain(after.origin()))
        .noneMatch(target ->
            switch (after.find(target, Type.A)) {
              case ZoneCopy.Finding.Alias _ -> true;
              case ZoneCopy.Finding.Absent _ ->
                  !(after.find(target, Type.AAAA) instanceof ZoneCopy.Finding.Found);
              case ZoneCopy.Finding.Found _, ZoneCopy.Finding.Referral _ -> false;
            });
  }
}
