package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.dns.Resolver.Answer;
import com.penguinmails.sandbox.mail.simulated.Incoming.Client;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Where mail for a domain goes (RFC 5321, 5.1), and who a client is by its address.
final class MailRoutes {
  private static final int MAX_ALIASES = 8;

  private final Resolver resolver;

  MailRoutes(Resolver resolver) {
    this.resolver = resolver;
  }

  /// Where to deliver.
  sealed interface Route {
    /// Best first.
    record Hosts(List<Host> hosts) implements Route {
      public Hosts {
        hosts = List.copyOf(hosts);
      }
    }

    /// DNS says that there is no such place.
    record Nowhere(String why) implements Route {}

    /// DNS does not answer.
    record Unknown(String why) implements Route {}
  }

  record Host(String name, IpAddress address) {}

  Route to(String domain) {
    var exchangers = ask(domain, DnsRecord.Type.MX);
    return switch (exchangers) {
      case Answer.Failed failed -> new Route.Unknown("DNS of " + domain + ": " + failed.reason());
      case Answer.Found found -> hosts(domain, names(found.records()));
      // No MX: the domain's own address counts.
      case Answer.Absent _, Answer.Alias _ -> hosts(domain, List.of(domain));
    };
  }

  private static List<String> names(List<DnsRecord> exchangers) {
    return exchangers.stream()
        .sorted(Comparator.comparingInt(MailRoutes::preference))
        .map(record -> record.value().substring(record.value().indexOf(' ') + 1))
        .toList();
  }

  private static int preference(DnsRecord exchanger) {
    return Integer.parseInt(exchanger.value().split(" ", 2)[0]);
  }

  private Route hosts(String domain, List<String> names) {
    if (names.equals(List.of("."))) {
      return new Route.Nowhere(domain + " takes no mail (RFC 7505)");
    }
    var hosts = new ArrayList<Host>();
    var isUnsure = false;
    for (var name : names) {
      switch (ask(name, DnsRecord.Type.A)) {
        case Answer.Found found ->
            found.records().forEach(a -> hosts.add(new Host(name, new IpAddress(a.value()))));
        case Answer.Failed _ -> isUnsure = true;
        case Answer.Absent _, Answer.Alias _ -> {}
      }
    }
    if (!hosts.isEmpty()) {
      return new Route.Hosts(hosts);
    }
    var why = "no address of a mail server for " + domain;
    return isUnsure ? new Route.Unknown(why) : new Route.Nowhere(why);
  }

  /// The client with the name its address has and that has its address (`FCrDNS`).
  Client client(IpAddress address) {
    if (ask(address.reverseName().value(), DnsRecord.Type.PTR) instanceof Answer.Found pointers) {
      for (var pointer : pointers.records()) {
        if (ask(pointer.value(), DnsRecord.Type.A) instanceof Answer.Found found
            && found.records().stream().anyMatch(a -> a.value().equals(address.value()))) {
          return new Client(address, pointer.value());
        }
      }
    }
    return new Client(address, "unknown");
  }

  /// One answer of all resolvers, aliases followed, with records of the asked type only.
  private Answer ask(String name, DnsRecord.Type type) {
    try {
      var asked = new RecordName(name);
      for (int i = 0; i <= MAX_ALIASES; i++) {
        var answer = firstUsable(resolver.askRecursive(asked, type));
        if (answer instanceof Answer.Alias alias) {
          asked = alias.target();
        } else if (answer instanceof Answer.Found found) {
          return new Answer.Found(
              found.records().stream().filter(record -> record.type() == type).toList());
        } else {
          return answer;
        }
      }
      return new Answer.Failed("too many aliases behind " + name);
    } catch (IllegalArgumentException notAName) {
      return new Answer.Absent(false);
    }
  }

  private static Answer firstUsable(List<Resolver.ServerAnswer> answers) {
    return answers.stream()
        .map(Resolver.ServerAnswer::answer)
        .filter(answer -> !(answer instanceof Answer.Failed))
        .findFirst()
        .orElseGet(() ->
            answers.isEmpty()
                ? new Answer.Failed("no resolver is configured")
                : answers.getFirst().answer());
  }
}
