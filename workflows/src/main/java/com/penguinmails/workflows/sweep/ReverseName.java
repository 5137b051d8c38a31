package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.DomainName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The reverse name (PTR) of a server's address, as it should be and as DNS has it. Pure.
///
/// @param wanted the server's own name
/// @param there the names that DNS has; an empty list: none; empty: nobody could say
/// @param wrongAt the sweep that first found it wrong; empty: it was right at the last look
public record ReverseName(
    DomainName wanted, Optional<List<String>> there, Optional<Instant> wrongAt) {
  private static final int SHOWN = 3;

  public ReverseName {
    there = there.map(List::copyOf);
  }

  /// DNS says something else. Another name beside ours is wrong, too: receivers take one at random.
  /// Silence is neither right nor wrong.
  public boolean isWrong() {
    return there.filter(names -> !names.equals(List.of(wanted.value()))).isPresent();
  }

  /// It is wrong, and was in an earlier sweep than the one that began at this time: one look may
  /// have met a server that was behind.
  boolean isWrongAgain(Instant at) {
    return isWrong() && wrongAt.filter(first -> first.isBefore(at)).isPresent();
  }

  /// What DNS has, in words.
  String shown() {
    var names = there.orElse(List.of());
    return names.isEmpty()
        ? "nothing"
        : String.join(", ", names.stream().limit(SHOWN).map(AccountComparison::shown).toList())
            + (names.size() > SHOWN ? " and %d more".formatted(names.size() - SHOWN) : "");
  }
}
