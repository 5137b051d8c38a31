package com.penguinmails.sandbox.dns.simulated;

import com.penguinmails.sandbox.dns.simulated.ZoneCopy.Finding;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Answers for the zones it holds and takes updates of them. It never asks anybody else.
final class AuthoritativeServer implements Answering {
  private static final int MAX_ALIASES = 16;

  private final ZoneStore zones;
  private final BiPredicate<Name, Name> mayChange;
  private final Consumer<ZoneCopy> changed;

  /// @param mayChange whether the key of this name may change the zone of that name
  /// @param changed told of each new state of a zone before anybody hears that the change was made
  AuthoritativeServer(
      ZoneStore zones, BiPredicate<Name, Name> mayChange, Consumer<ZoneCopy> changed) {
    this.zones = zones;
    this.mayChange = mayChange;
    this.changed = changed;
  }

  @Override
  public Message answer(Message query, Optional<Name> signer) {
    return switch (query.getHeader().getOpcode()) {
      case Opcode.QUERY -> look(query);
      case Opcode.UPDATE -> Answering.reply(query, update(query, signer));
      default -> Answering.reply(query, Rcode.NOTIMP);
    };
  }

  /// Changes a zone as those do who need no key: its owner by hand, a registry.
  ///
  /// @return NOERROR, or why not
  synchronized int change(Name origin, List<Record> changes) {
    return change(origin, List.of(), changes);
  }

  private synchronized int change(Name origin, List<Record> prerequisites, List<Record> changes) {
    var zone = zones.find(origin);
    if (zone.isEmpty()) {
      return Rcode.NOTAUTH;
    }
    var update = DynamicUpdate.of(zone.get(), prerequisites, changes);
    update.after().ifPresent(this::take);
    return update.rcode();
  }

  /// Takes a zone as it is; one of that name is replaced.
  synchronized void take(ZoneCopy zone) {
    zones.put(zone);
    changed.accept(zone);
  }

  private int update(Message update, Optional<Name> signer) {
    var zoneSection = update.getSection(Section.ZONE);
    if (zoneSection.size() != 1 || zoneSection.getFirst().getType() != Type.SOA) {
      return Rcode.FORMERR;
    }
    var origin = zoneSection.getFirst().getName();
    if (zoneSection.getFirst().getDClass() != DClass.IN || zones.find(origin).isEmpty()) {
      return Rcode.NOTAUTH;
    }
    if (signer.filter(key -> mayChange.test(key, origin)).isEmpty()) {
      return Rcode.REFUSED;
    }
    return change(origin, update.getSection(Section.PREREQ), update.getSection(Section.UPDATE));
  }

  private Message look(Message query) {
    var questions = query.getSection(Section.QUESTION);
    if (questions.size() != 1) {
      return Answering.reply(query, Rcode.FORMERR);
    }
    var question = questions.getFirst();
    var zone = zones.enclosing(question.getName());
    var isTransfer = question.getType() == Type.AXFR || question.getType() == Type.IXFR;
    if (zone.isEmpty() || isTransfer || question.getDClass() != DClass.IN) {
      return Answering.reply(query, Rcode.REFUSED);
    }
    var reply = Answering.reply(query, Rcode.NOERROR);
    reply.getHeader().setFlag(Flags.AA);
    follow(reply, zone.get(), question.getName(), question.getType());
    return reply;
  }

  /// Follows aliases as far as our own zones go (RFC 1034, 4.3.2).
  private void follow(Message reply, ZoneCopy first, Name asked, int type) {
    var zone = first;
    var name = asked;
    for (int alias = 0; alias < MAX_ALIASES; alias++) {
      switch (zone.find(name, type)) {
        case Finding.Found(var records) -> {
          records.forEach(record -> reply.addRecord(record, Section.ANSWER));
          addAddresses(reply, zone, records);
          return;
        }
        case Finding.Referral(var servers) -> {
          if (alias == 0) {
            reply.getHeader().unsetFlag(Flags.AA);
          }
          servers.forEach(server -> reply.addRecord(server, Section.AUTHORITY));
          addAddresses(reply, zone, servers);
          return;
        }
        case Finding.Absent(var nameExists) -> {
          reply.getHeader().setRcode(nameExists ? Rcode.NOERROR : Rcode.NXDOMAIN);
          reply.addRecord(forAbsence(zone.soa()), Section.AUTHORITY);
          return;
        }
        case Finding.Alias(var cname) -> {
          reply.addRecord(cname, Section.ANSWER);
          name = ((org.xbill.DNS.CNAMERecord) cname).getTarget();
          var next = zones.enclosing(name);
          if (next.isEmpty() || reply.findRRset(name, Type.CNAME, Section.ANSWER)) {
            return;
          }
          zone = next.get();
        }
      }
    }
  }

  private static void addAddresses(Message reply, ZoneCopy zone, List<Record> records) {
    records.stream()
        .filter(NSRecord.class::isInstance)
        .map(server -> ((NSRecord) server).getTarget())
        .distinct()
        .flatMap(target ->
            java.util.stream.Stream.of(Type.A, Type.AAAA)
                .flatMap(type -> zone.rrset(target, type).stream()))
        .forEach(address -> reply.addRecord(address, Section.ADDITIONAL));
  }

  /// How long absence may be believed (RFC 2308, 3).
  private static Record forAbsence(SOARecord soa) {
    return Records.as(soa, DClass.IN, Math.min(soa.getTTL(), soa.getMinimum()));
  }
}
