package com.penguinmails.ports.dns;

import com.penguinmails.ports.dns.Resolver.Answer;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;

/// One answer from several recursive resolvers, with aliases followed. The first resolver that
/// found something is believed; "absent" needs all of them, because one may still be failing.
public final class ResolverLookup {
  private static final int MAX_ALIASES = 8; // a chain longer than this is a loop or a trick

  private final Resolver resolver;

  public ResolverLookup(Resolver resolver) {
    this.resolver = resolver;
  }

  /// What the resolvers know.
  public sealed interface Known {
    /// Values in presentation terms; TXT strings already joined.
    record Found(List<String> values) implements Known {}

    /// No such name, or not with this type.
    record Absent() implements Known {}

    /// Nobody could say.
    record Unknown(String reason) implements Known {}
  }

  /// Asks all of them, in turn. A server that fails is an answer: nothing is thrown for it.
  public Known ask(RecordName name, DnsRecord.Type type) {
    var asked = name;
    for (int i = 0; i <= MAX_ALIASES; i++) {
      switch (merge(resolver.askRecursive(asked, type))) {
        case Answer.Found found -> {
          return new Known.Found(
              found.records().stream()
                  .filter(record -> record.type() == type)
                  .map(DnsRecord::value)
                  .toList());
        }
        case Answer.Absent _ -> {
          return new Known.Absent();
        }
        case Answer.Failed failed -> {
          return new Known.Unknown(failed.reason());
        }
        case Answer.Alias alias -> asked = alias.target();
      }
    }
    return new Known.Unknown("more than " + MAX_ALIASES + " aliases behind " + name);
  }

  private static Answer merge(List<Resolver.ServerAnswer> answers) {
    Answer merged = new Answer.Failed("no resolver is configured");
    for (var answer : answers) {
      switch (answer.answer()) {
        case Answer.Found found -> {
          return found;
        }
        case Answer.Alias alias -> {
          return alias;
        }
        case Answer.Failed failed -> {
          merged = failed;
        }
        case Answer.Absent absent -> {
          if (answers.stream().noneMatch(other -> other.answer() instanceof Answer.Failed)) {
            merged = absent;
          }
        }
      }
    }
    return merged;
  }
}
