package com.penguinmails.ports.dns.manual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.dns.Resolver.Answer;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A zone that is read at its name servers and never written.
class ManualDnsProviderTest {
  private static final DomainName ZONE = new DomainName("acme.test");
  private static final RecordName NAME = new RecordName("www.acme.test");
  private static final DnsRecord THERE =
      new DnsRecord(NAME, DnsRecord.Type.TXT, "what a person entered", 300);

  private static DnsProvider answering(Answer... answers) {
    return new ManualDnsProvider.Factory(new Servers(List.of(answers)))
        .open(ZONE, Map.of(), Map.of());
  }

  @Test
  void readsWhatTheFirstServerThatAnswersHas() {
    var zone =
        answering(
            new Answer.Failed("SERVFAIL"),
            new Answer.Found(List.of(THERE)),
            new Answer.Absent(true));

    assertThat(zone.read(NAME, DnsRecord.Type.TXT)).containsExactly(THERE);
  }

  @Test
  void readsNothingAtAnAlias() {
    assertThat(answering(new Answer.Alias(NAME)).read(NAME, DnsRecord.Type.TXT)).isEmpty();
  }

  @Test
  void takesSilenceForSilence() {
    assertThatThrownBy(
            () -> answering(new Answer.Failed("time-out")).read(NAME, DnsRecord.Type.TXT))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void walksToTheNameServersOnceForAllQuestions() {
    var servers = new Servers(List.of(new Answer.Absent(true)));
    var zone = new ManualDnsProvider.Factory(servers).open(ZONE, Map.of(), Map.of());

    zone.read(NAME, DnsRecord.Type.TXT);
    zone.read(NAME, DnsRecord.Type.A);

    assertThat(servers.walks()).hasValue(1);
  }

  @Test
  void saysThatItCannotWriteAndRefusesTo() {
    var zone = answering(new Answer.Absent(false));

    assertThat(zone.isWritable()).isFalse();
    assertThatThrownBy(() -> zone.change(NAME, DnsRecord.Type.TXT, List.of(), List.of(THERE)))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("by hand");
  }

  /// One answer of each name server.
  private record Servers(List<Answer> answers, AtomicInteger walks) implements Resolver {
    Servers(List<Answer> answers) {
      this(answers, new AtomicInteger());
    }

    @Override
    public Optional<Delegation> delegation(RecordName name) {
      walks.incrementAndGet();
      return Optional.of(new Delegation(ZONE, List.of()));
    }

    @Override
    public List<ServerAnswer> askAuthoritative(
        Delegation delegation, RecordName name, DnsRecord.Type type) {
      return answers.stream().map(answer -> new ServerAnswer("ns", answer)).toList();
    }

    @Override
    public List<ServerAnswer> askRecursive(RecordName name, DnsRecord.Type type) {
      return List.of();
    }
  }
}
