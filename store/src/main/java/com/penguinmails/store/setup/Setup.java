package com.penguinmails.store.setup;

import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.time.Instant;
import java.util.Optional;

/// One set-up as its row says.
///
/// @param stage where it is, in one word; empty of meaning to the store
/// @param progressSequence number of the last change of its progress
/// @param retries how often somebody asked to try again
/// @param startedAt empty until a run took it up
/// @param resumableUntil until when its cancel, or that it is given up, can be taken back; empty
///   unless it is HELD, or DONE and given up
/// @param holds how often it was cancelled or given up with such a time
/// @param provedAt when it was DONE, though it may be given up by now
public record Setup(
    SetupId id,
    WorkspaceId workspace,
    DomainName domainName,
    DomainId domain,
    ServerId server,
    CertificateId certificate,
    State state,
    String stage,
    long progressSequence,
    int retries,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> cancelRequestedAt,
    Optional<Instant> finishedAt,
    Optional<Instant> resumableUntil,
    int holds,
    Optional<Instant> provedAt) {

  /// How far a set-up is.
  public enum State {
    REQUESTED,
    RUNNING,
    /// Cancelled, and it can be taken back: nothing is done for it.
    HELD,
    CANCELLING,
    DONE,
    CANCELLED,
    FAILED;

    /// Nothing comes after.
    public boolean isFinal() {
      return this == DONE || this == CANCELLED || this == FAILED;
    }
  }
}
