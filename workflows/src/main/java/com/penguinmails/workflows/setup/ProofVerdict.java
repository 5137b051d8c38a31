package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.ProofCheck.Verdict;
import com.penguinmails.workflows.temporal.Trouble;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether the checks of one look prove a set-up. Every check that must be there is there and has
/// passed; a check that was not made proves nothing. Pure.
public final class ProofVerdict {
  /// What a proof consists of.
  public static final Set<String> REQUIRED =
      Set.of(
          "dkim",
          "spf",
          "dmarc",
          "unaltered",
          "tls-25",
          "tls-465",
          "tls-587",
          "tls-993",
          "banner",
          "ptr",
          "open-relay",
          "imap-login");

  private ProofVerdict() {}

  /// Empty when it is proved; else why it is not.
  public static Optional<Trouble> of(List<ProofCheck> checks) {
    var failed = checks.stream().filter(check -> check.verdict() != Verdict.PASSED).toList();
    if (!failed.isEmpty()) {
      var onlyReverseName = failed.stream().allMatch(check -> check.name().equals("ptr"));
      return Optional.of(
          new Trouble(
              onlyReverseName ? Cause.PROOF_REVERSE_NAME_WRONG : Cause.PROOF_CHECK_FAILED,
              failed.stream()
                  .map(check -> check.name() + ": " + check.evidence())
                  .collect(Collectors.joining("; "))));
    }
    var missing = new TreeSet<>(REQUIRED);
    checks.forEach(check -> missing.remove(check.name()));
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(new Trouble(Cause.OURS, "Not checked: " + String.join(", ", missing)));
  }
}
