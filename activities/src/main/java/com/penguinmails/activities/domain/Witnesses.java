package com.penguinmails.activities.domain;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.dns.Resolver.ServerAnswer;
import com.penguinmails.workflows.domain.RecordVerification.SeenAt;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;

/// What every name server and every recursive resolver says about records. All are asked at once:
/// one after the other, a single silent server would cost its time-out at each question, and the
/// look would be cut off before it could say who is silent.
public final class Witnesses {
  private final Resolver resolver;

  public Witnesses(Resolver resolver) {
    this.resolver = resolver;
  }

  /// The answers for each of the records; those at the same name and of the same type share them.
  Map<DnsRecord, List<SeenAt>> ask(Resolver.Delegation delegation, List<DnsRecord> records) {
    return ask(records, question -> ask(delegation, question));
  }

  /// The same of the zone's own name servers alone.
  public Map<DnsRecord, List<SeenAt>> askAuthoritative(
      Resolver.Delegation delegation, List<DnsRecord> records) {
    return ask(records, question -> authoritative(delegation, question).toList());
  }

  private static Map<DnsRecord, List<SeenAt>> ask(
      List<DnsRecord> records, Function<Question, List<SeenAt>> ask) {
    var asked = new LinkedHashMap<Question, Future<List<SeenAt>>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      records.forEach(record ->
          asked.computeIfAbsent(
              Question.about(record), question -> threads.submit(() -> ask.apply(question))));
    }
    var answers = new LinkedHashMap<DnsRecord, List<SeenAt>>();
    asked.forEach((question, answer) ->
        records.stream()
            .filter(record -> Question.about(record).equals(question))
            .forEach(record -> answers.put(record, answer.resultNow())));
    return answers;
  }

  /// The zone's own name servers alone, about one record.
  List<SeenAt> askAuthoritative(Resolver.Delegation delegation, DnsRecord record) {
    return authoritative(delegation, Question.about(record)).toList();
  }

  private Stream<SeenAt> authoritative(Resolver.Delegation delegation, Question question) {
    return resolver.askAuthoritative(delegation, question.name(), question.type()).stream()
        .map(answer -> seen(answer, SeenAt.Kind.AUTHORITATIVE));
  }

  private List<SeenAt> ask(Resolver.Delegation delegation, Question question) {
    return Stream.concat(
            authoritative(delegation, question),
            resolver.askRecursive(question.name(), question.type()).stream()
                .map(answer -> seen(answer, SeenAt.Kind.RECURSIVE)))
        .toList();
  }

  private static SeenAt seen(ServerAnswer answer, SeenAt.Kind kind) {
    return switch (answer.answer()) {
      case Resolver.Answer.Found found ->
          SeenAt.said(
              answer.server(), kind, found.records().stream().map(DnsRecord::value).toList());
      case Resolver.Answer.Absent _ -> SeenAt.said(answer.server(), kind, List.of());
      case Resolver.Answer.Alias alias ->
          new SeenAt(answer.server(), kind, List.of(), "an alias for " + alias.target(), false);
      case Resolver.Answer.Failed failed -> SeenAt.silent(answer.server(), kind, failed.reason());
    };
  }

  private record Question(RecordName name, DnsRecord.Type type) {
    static Question about(DnsRecord record) {
      return new Question(record.name(), record.type());
    }
  }
}
