package com.penguinmails.ports.dns.manual;

import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.dns.Resolver.Answer;
import com.penguinmails.ports.dns.Resolver.Delegation;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.RecordQuestion;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A zone whose records the tenant enters at their DNS host. What it holds is what its name servers
/// answer; nothing is written.
public final class ManualDnsProvider implements DnsProvider {
  private final DomainName zone;
  private final Resolver resolver;
  private @Nullable Delegation delegation; // walked once for all questions of one look

  private ManualDnsProvider(DomainName zone, Resolver resolver) {
    this.zone = zone;
    this.resolver = resolver;
  }

  @Override
  public DomainName zone() {
    return zone;
  }

  @Override
  public List<String> nameServers() {
    return List.of();
  }

  @Override
  public boolean isWritable() {
    return false;
  }

  @Override
  public List<DnsRecord> read(Collection<RecordQuestion> questions) {
    return questions.stream().flatMap(one -> ask(one.name(), one.type()).stream()).toList();
  }

  private List<DnsRecord> ask(RecordName name, DnsRecord.Type type) {
    var answers = resolver.askAuthoritative(delegation(), name, type);
    for (var answer : answers) {
      switch (answer.answer()) {
        case Answer.Found found -> {
          return found.records();
        }
        case Answer.Absent _, Answer.Alias _ -> {
          return List.of();
        }
        case Answer.Failed _ -> {} // the next one is asked
      }
    }
    throw new Unavailable(
        "reading %s %s in zone %s: no name server of it answers".formatted(name, type, zone));
  }

  private synchronized Delegation delegation() {
    var known = delegation;
    if (known == null) {
      known =
          resolver
              .delegation(RecordName.of(zone))
              .orElseThrow(() -> new Unavailable("nobody is asked for the zone " + zone));
      delegation = known;
    }
    return known;
  }

  @Override
  public void change(List<Change> changes) {
    throw new Refused(
        "%s in zone %s: its records are entered by hand".formatted(Change.shown(changes), zone));
  }

  /// Opens zones without settings and secrets.
  public static final class Factory implements DnsProvider.Factory {
    private final Resolver resolver;

    public Factory(Resolver resolver) {
      this.resolver = resolver;
    }

    @Override
    public String kind() {
      return "manual";
    }

    @Override
    public DnsProvider open(
        DomainName zone, Map<String, String> settings, Map<String, String> secret) {
      return new ManualDnsProvider(zone, resolver);
    }
  }
}
