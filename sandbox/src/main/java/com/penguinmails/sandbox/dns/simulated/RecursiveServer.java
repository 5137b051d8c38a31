package com.penguinmails.sandbox.dns.simulated;

import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.IpAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/// A recursive resolver: asks its way down from the root over the simulated network, for every
/// question anew. Its faults are those of the servers it asks: it keeps nothing that could hide
/// them.
final class RecursiveServer implements Answering {
  // With one server. A busy machine answers in time; two silent servers are given up before the
  // two seconds are over that our own resolver waits.
  private static final Duration PATIENCE = Duration.ofMillis(800);
  private static final int MAX_REFERRALS = 16;
  private static final int MAX_ALIASES = 11; // as unbound
  private static final int MAX_DEPTH = 4; // name servers whose names must be resolved themselves

  private final Network network;
  private final List<IpAddress> roots;
  private final boolean lastFirst;
  private final Set<Name> hidden = ConcurrentHashMap.newKeySet();

  /// @param lastFirst asks the servers of a zone from the last to the first
  RecursiveServer(Network network, List<IpAddress> roots, boolean lastFirst) {
    this.network = network;
    this.roots = List.copyOf(roots);
    this.lastFirst = lastFirst;
  }

  /// Says from now on that neither the name nor one below it exists.
  void hide(Name name) {
    hidden.add(name);
  }

  /// Ends [#hide].
  void show(Name name) {
    hidden.remove(name);
  }

  @Override
  public Message answer(Message query, Optional<Name> signer) {
    var questions = query.getSection(Section.QUESTION);
    if (query.getHeader().getOpcode() != Opcode.QUERY) {
      return Answering.reply(query, Rcode.NOTIMP);
    }
    if (questions.size() != 1) {
      return Answering.reply(query, Rcode.FORMERR);
    }
    var question = questions.getFirst();
    var isTransfer = question.getType() == Type.AXFR || question.getType() == Type.IXFR;
    var isWanted = query.getHeader().getFlag(Flags.RD); // unbound refuses to be looked into
    if (!isWanted || isTransfer || question.getDClass() != DClass.IN) {
      return Answering.reply(query, Rcode.REFUSED);
    }
    var reply = Answering.reply(query, Rcode.NOERROR);
    reply.getHeader().setFlag(Flags.RA);
    reply.getHeader().setRcode(resolve(question.getName(), question.getType(), reply));
    return reply;
  }

  /// Follows aliases wherever they lead.
  private int resolve(Name asked, int type, Message reply) {
    var name = asked;
    for (int alias = 0; alias < MAX_ALIASES; alias++) {
      if (isHidden(name)) {
        return Rcode.NXDOMAIN;
      }
      var answer = ask(name, type, 0);
      if (answer.isEmpty()) {
        return Rcode.SERVFAIL;
      }
      var found = at(answer.get(), name, type);
      var aliases = at(answer.get(), name, Type.CNAME);
      if (found.isEmpty() && !aliases.isEmpty()) {
        reply.addRecord(aliases.getFirst(), Section.ANSWER);
        name = ((CNAMERecord) aliases.getFirst()).getTarget();
        continue;
      }
      found.forEach(record -> reply.addRecord(record, Section.ANSWER));
      if (found.isEmpty()) {
        answer.get().getSection(Section.AUTHORITY).stream()
            .filter(record -> record.getType() == Type.SOA)
            .forEach(record -> reply.addRecord(record, Section.AUTHORITY));
      }
      return found.isEmpty() ? answer.get().getRcode() : Rcode.NOERROR;
    }
    return Rcode.SERVFAIL;
  }

  private boolean isHidden(Name name) {
    return hidden.stream().anyMatch(name::subdomain);
  }

  private static List<Record> at(Message answer, Name name, int type) {
    return answer.getSection(Section.ANSWER).stream()
        .filter(record -> record.getName().equals(name))
        .filter(record -> type == Type.ANY || record.getType() == type)
        .toList();
  }

  /// The authoritative answer; empty when no server of some zone on the way gives one.
  private Optional<Message> ask(Name name, int type, int depth) {
    var zone = Name.root;
    var servers = roots;
    for (int referral = 0; referral < MAX_REFERRALS; referral++) {
      var usable = firstUsable(servers, zone, name, type);
      if (usable.isEmpty() || usable.get().getHeader().getFlag(Flags.AA)) {
        return usable;
      }
      zone = referred(usable.get(), zone, name).orElseThrow();
      servers = addresses(usable.get(), zone, depth);
    }
    return Optional.empty();
  }

  /// An authoritative answer, or a referral further down; everything else is a server's failure.
  private Optional<Message> firstUsable(List<IpAddress> servers, Name zone, Name name, int type) {
    for (var server : lastFirst ? servers.reversed() : servers) {
      var answer = askOne(server, name, type);
      if (answer.isPresent()
          && (isAuthoritative(answer.get()) || referred(answer.get(), zone, name).isPresent())) {
        return answer;
      }
    }
    return Optional.empty();
  }

  private static boolean isAuthoritative(Message answer) {
    return answer.getHeader().getFlag(Flags.AA)
        && (answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN);
  }

  private static Optional<Name> referred(Message answer, Name zone, Name name) {
    return answer.getSection(Section.AUTHORITY).stream()
        .filter(NSRecord.class::isInstance)
        .map(Record::getName)
        .filter(cut -> name.subdomain(cut) && cut.subdomain(zone) && !cut.equals(zone))
        .findFirst();
  }

  private List<IpAddress> addresses(Message referral, Name zone, int depth) {
    var addresses = new ArrayList<IpAddress>();
    for (var server : servers(referral, zone)) {
      var glue = inet(referral.getSection(Section.ADDITIONAL), server.getTarget());
      if (!glue.isEmpty()) {
        addresses.addAll(glue);
      } else if (depth < MAX_DEPTH) {
        ask(server.getTarget(), Type.A, depth + 1)
            .map(answer -> inet(answer.getSection(Section.ANSWER), server.getTarget()))
            .ifPresent(addresses::addAll);
      }
    }
    return addresses;
  }

  private static List<NSRecord> servers(Message referral, Name zone) {
    return referral.getSection(Section.AUTHORITY).stream()
        .filter(record -> record.getName().equals(zone))
        .filter(NSRecord.class::isInstance)
        .map(NSRecord.class::cast)
        .toList();
  }

  private static List<IpAddress> inet(List<Record> records, Name name) {
    return records.stream()
        .filter(record -> record.getName().equals(name))
        .filter(ARecord.class::isInstance)
        .map(record -> new IpAddress(((ARecord) record).getAddress().getHostAddress()))
        .toList();
  }

  private Optional<Message> askOne(IpAddress server, Name name, int type) {
    try {
      var upstream = new SimpleResolver(network.reach(server, SimpleResolver.DEFAULT_PORT));
      upstream.setTimeout(PATIENCE);
      var query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
      query.getHeader().unsetFlag(Flags.RD);
      return Optional.of(upstream.send(query));
    } catch (IOException | IllegalArgumentException e) { // silent, or outside the network
      return Optional.empty();
    }
  }
}
