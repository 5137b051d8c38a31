package com.penguinmails.sandbox.dns.simulated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// What must be true of a zone before an update may change it (RFC 2136, 3.2).
final class Prerequisites {
  private final ZoneCopy zone;
  private final Map<Rrset, List<Record>> wanted = new LinkedHashMap<>();

  private Prerequisites(ZoneCopy zone) {
    this.zone = zone;
  }

  /// NOERROR when all are met, else the code of the first that is not.
  static int check(ZoneCopy zone, List<Record> prerequisites) {
    var check = new Prerequisites(zone);
    for (var prerequisite : prerequisites) {
      int code = check.one(prerequisite);
      if (code != Rcode.NOERROR) {
        return code;
      }
    }
    return check.sameRrsets();
  }

  private int one(Record prerequisite) {
    if (prerequisite.getTTL() != 0) {
      return Rcode.FORMERR;
    }
    if (!prerequisite.getName().subdomain(zone.origin())) {
      return Rcode.NOTZONE;
    }
    var isBare = prerequisite.rdataToWireCanonical().length == 0;
    return switch (prerequisite.getDClass()) {
      case DClass.ANY -> isBare ? mustBe(prerequisite) : Rcode.FORMERR;
      case DClass.NONE -> isBare ? mustNotBe(prerequisite) : Rcode.FORMERR;
      case DClass.IN -> isBare ? Rcode.FORMERR : remember(prerequisite);
      default -> Rcode.FORMERR;
    };
  }

  private int mustBe(Record prerequisite) {
    if (prerequisite.getType() == Type.ANY) {
      return isInUse(prerequisite) ? Rcode.NOERROR : Rcode.NXDOMAIN;
    }
    return hasRrset(prerequisite) ? Rcode.NOERROR : Rcode.NXRRSET;
  }

  private int mustNotBe(Record prerequisite) {
    if (prerequisite.getType() == Type.ANY) {
      return isInUse(prerequisite) ? Rcode.YXDOMAIN : Rcode.NOERROR;
    }
    return hasRrset(prerequisite) ? Rcode.YXRRSET : Rcode.NOERROR;
  }

  /// The values of an RRset come one by one and are compared as a whole (3.2.3).
  private int remember(Record prerequisite) {
    wanted
        .computeIfAbsent(
            new Rrset(prerequisite.getName(), prerequisite.getType()), _ -> new ArrayList<>())
        .add(prerequisite);
    return Rcode.NOERROR;
  }

  private int sameRrsets() {
    var areAllSame =
        wanted.entrySet().stream()
            .allMatch(entry ->
                Records.areSame(
                    zone.rrset(entry.getKey().name(), entry.getKey().type()), entry.getValue()));
    return areAllSame ? Rcode.NOERROR : Rcode.NXRRSET;
  }

  /// A name is in use when it has a record itself (2.4.4): one below it does not count.
  private boolean isInUse(Record prerequisite) {
    return !zone.at(prerequisite.getName()).isEmpty();
  }

  private boolean hasRrset(Record prerequisite) {
    return !zone.rrset(prerequisite.getName(), prerequisite.getType()).isEmpty();
  }

  private record Rrset(Name name, int type) {}
}
