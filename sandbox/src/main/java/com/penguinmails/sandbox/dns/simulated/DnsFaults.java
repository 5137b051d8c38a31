package com.penguinmails.sandbox.dns.simulated;

import com.penguinmails.ports.dns.dnsjava.WireRecords;
import com.penguinmails.workflows.model.DomainName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;

/// The faults planned for the servers of a simulated DNS. They are used up in the order they were
/// planned, and end with the process: a world that starts anew is well.
public final class DnsFaults {
  private static final Logger LOG = LoggerFactory.getLogger(DnsFaults.class);

  private final CopyOnWriteArrayList<Planned> plan = new CopyOnWriteArrayList<>();

  DnsFaults() {}

  /// What may happen to a message.
  public sealed interface Fault {
    /// SERVFAIL, and nothing is done.
    record Servfail() implements Fault {}

    /// REFUSED, and nothing is done.
    record Refuse() implements Fault {}

    /// Never heard: nothing is done and nothing is said. The client waits.
    record Silence() implements Fault {}

    /// Done and answered, but late.
    record Late(Duration delay) implements Fault {}

    /// Done, but the answer never arrives; a TCP connection ends instead.
    record AnswerLost() implements Fault {}
  }

  /// Which messages.
  public enum Kind {
    /// Questions and updates.
    EVERY,
    QUESTION,
    UPDATE
  }

  /// Messages of one kind to one server.
  ///
  /// @param zone for names in this zone only; empty for every name
  public record Target(Server server, Optional<DomainName> zone, Kind kind) {
    /// Everything a server is sent.
    public static Target of(Server server) {
      return new Target(server, Optional.empty(), Kind.EVERY);
    }

    /// Everything a server is sent about a zone.
    public static Target of(Server server, DomainName zone) {
      return new Target(server, Optional.of(zone), Kind.EVERY);
    }

    /// Questions only.
    public static Target questions(Server server, DomainName zone) {
      return new Target(server, Optional.of(zone), Kind.QUESTION);
    }

    /// Updates only.
    public static Target updates(Server server, DomainName zone) {
      return new Target(server, Optional.of(zone), Kind.UPDATE);
    }

    private boolean isHitBy(Server asked, boolean isUpdate, Name name) {
      return asked == server
          && (kind == Kind.EVERY || isUpdate == (kind == Kind.UPDATE))
          && zone.map(within -> name.subdomain(WireRecords.name(within.value()))).orElse(true);
    }
  }

  /// Plans a fault for the next messages to the target.
  public void plan(Target target, Fault fault, int times) {
    plan.add(new Planned(target, fault, new Semaphore(times)));
  }

  /// The same fault for every message to the target, until it is healed.
  public void keep(Target target, Fault fault) {
    plan(target, fault, Integer.MAX_VALUE);
  }

  /// Forgets what was planned for this zone.
  public void heal(DomainName zone) {
    plan.removeIf(planned -> planned.target().zone().equals(Optional.of(zone)));
  }

  /// Forgets what was planned and not yet used.
  public void heal() {
    plan.clear();
  }

  /// The fault that this message meets.
  Optional<Fault> next(Server server, Message message) {
    var isUpdate = message.getHeader().getOpcode() == Opcode.UPDATE;
    var question = message.getQuestion();
    var name = question == null ? Name.root : question.getName();
    for (var planned : plan) {
      if (planned.target().isHitBy(server, isUpdate, name) && planned.left().tryAcquire()) {
        LOG.atInfo()
            .addKeyValue("server", server)
            .addKeyValue("name", name)
            .addKeyValue("fault", planned.fault())
            .log("Planned fault of the simulated DNS");
        return Optional.of(planned.fault());
      }
    }
    return Optional.empty();
  }

  private record Planned(Target target, Fault fault, Semaphore left) {}
}
