package com.penguinmails.workflows.model;

/// One check of a proof, made from outside, and what it saw.
///
/// @param name stable, kebab-case: `dkim`, `spf`, `dmarc`, `tls-25`, `open-relay`, …
/// @param evidence what came back, in a sentence a support person understands; no mail address, no
///   body, no secret
public record ProofCheck(String name, Verdict verdict, String evidence) {
  /// How a check ended.
  public enum Verdict {
    PASSED,
    FAILED,
    /// Could not be judged (no answer, time-out): neither good nor bad, asked again.
    UNKNOWN
  }

  public static ProofCheck passed(String name, String evidence) {
    return new ProofCheck(name, Verdict.PASSED, evidence);
  }

  public static ProofCheck failed(String name, String evidence) {
    return new ProofCheck(name, Verdict.FAILED, evidence);
  }

  public static ProofCheck unknown(String name, String evidence) {
    return new ProofCheck(name, Verdict.UNKNOWN, evidence);
  }
}
