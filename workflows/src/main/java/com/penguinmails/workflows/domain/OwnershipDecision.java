package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.domain.RecordVerification.SeenAt;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.time.Duration;
import java.util.List;

/// Whose a domain is, from what its authoritative servers say. Whoever claims must be seen at all
/// of them; whoever owns already is believed by one. Pure.
public final class OwnershipDecision {
  /// The first label of the names of proofs.
  public static final String LABEL = "_penguinmails-challenge";

  private static final String TEXT = "penguinmails-domain-verification=";
  private static final int TTL = 300;

  private OwnershipDecision() {}

  /// What becomes of an owner whom somebody else challenged with a proof of their own.
  public enum Challenge {
    /// The proof is still there: nothing changes.
    KEPT,
    /// The proof is gone, but not for long enough.
    MISSING,
    /// The proof stayed away: the name goes to who proves that it is theirs.
    LOST
  }

  /// The record that proves a claim. Those of several claims stand beside each other.
  ///
  /// @param token random, of this claim only
  public static DnsRecord proof(DomainName domain, String token) {
    return new DnsRecord(RecordName.of(LABEL, domain), DnsRecord.Type.TXT, TEXT + token, TTL);
  }

  /// Whether every authoritative server answers with the proof.
  public static boolean isProved(DnsRecord proof, List<SeenAt> authoritative) {
    return !authoritative.isEmpty()
        && authoritative.stream().allMatch(answer -> answer.values().contains(proof.value()));
  }

  /// Whether an owner's proof is still there: a single server is enough, because a stale or silent
  /// one must not take a name away.
  public static boolean isHeld(DnsRecord proof, List<SeenAt> authoritative) {
    return authoritative.stream().anyMatch(answer -> answer.values().contains(proof.value()));
  }

  /// @param missing for how long the owner's proof was not seen, at every look since
  /// @param grace for how long it may be away
  public static Challenge challenge(boolean isHeld, Duration missing, Duration grace) {
    if (isHeld) {
      return Challenge.KEPT;
    }
    return missing.compareTo(grace) >= 0 ? Challenge.LOST : Challenge.MISSING;
  }
}
