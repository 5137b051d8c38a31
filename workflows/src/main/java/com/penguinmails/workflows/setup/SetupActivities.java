package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import com.penguinmails.workflows.temporal.TenantScoped;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a set-up asks of the database. Every method may be run more than once.
@ActivityInterface(namePrefix = "Setup.")
public interface SetupActivities {
  /// How far the set-up is; one that nobody began is being built from now on, unless it is held.
  /// The first act of every run.
  SetupFacts begin(ReadSetup order);

  /// How far the set-up is by now.
  SetupFacts facts(ReadSetup order);

  /// Writes the stage, with its audit event. An earlier stage never overwrites a later one. Before
  /// CANCELLED is written, and after PROVED, the secrets are destroyed that nobody needs any more.
  void enter(EnterStage order);

  /// Moves the domain, with its mailboxes, from the server it was on to the set-up's, which can
  /// take it now; fails `NOT_YET` while the set-up is held. Answers how far the set-up is then.
  SetupFacts moveDomain(MoveDomain order);

  /// Ends the time in which a cancel can be taken back, when it is over: from then on nothing takes
  /// it back. Answers how far the set-up is, whether that time is over or not.
  SetupFacts endHold(ReadSetup order);

  /// Wants back what the set-up made: the domain's records withdrawn, the certificate ended, the
  /// server retired, or the domain on its earlier server. Writes the desired state of all of them,
  /// and answers the versions to ask for.
  RetireVersions wantRetired(ReadSetup order);

  record ReadSetup(TenantId tenant, SetupId setup) implements TenantScoped {}

  /// @param serverVersion desired version of the server to ask for
  /// @param domainVersion desired version of the domain to ask for
  /// @param isOwnershipAwaited nobody proved yet that the domain is the tenant's
  /// @param certificateVersion desired version of the certificate to ask for; 1 when absent
  /// @param resumableUntil until when its cancel can be taken back; empty: it is not held
  /// @param isMoveAwaited the domain was on another server when this one was ordered, whether it
  ///   has moved by now or not; it stays there until this one can take it
  /// @param isServerInService an earlier set-up was proved on it, so that it and its certificate
  ///   have runs
  record SetupFacts(
      Stage stage,
      ServerId server,
      String provider,
      DomainId domain,
      DomainName domainName,
      CertificateId certificate,
      long serverVersion,
      long domainVersion,
      boolean isOwnershipAwaited,
      Optional<Long> certificateVersion,
      Optional<Instant> resumableUntil,
      boolean isMoveAwaited,
      boolean isServerInService) {}

  /// @param poll how long until the next look
  record MoveDomain(TenantId tenant, SetupId setup, Duration poll) implements TenantScoped {}

  record EnterStage(TenantId tenant, SetupId setup, Stage stage) implements TenantScoped {}

  /// Which versions to ask for; [#NOTHING] of what the set-up did not change.
  ///
  /// @param earlier the server to which the domain has gone back; absent where it did not
  record RetireVersions(
      long server, long domain, long certificate, Optional<EarlierServer> earlier) {
    public static final long NOTHING = 0;
  }

  record EarlierServer(ServerId server, String provider, long version) {}

  /// One thing that needs attention, on whichever entity it was seen.
  ///
  /// @param entity workflow id of the entity
  /// @param evidence what was seen; no secret, no mail address
  record OpenIncident(
      TenantId tenant, SetupId setup, String entity, Cause cause, List<String> evidence)
      implements TenantScoped {}
}
