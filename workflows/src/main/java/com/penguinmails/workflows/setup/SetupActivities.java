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
import java.util.List;
import java.util.Optional;

/// What a set-up asks of the database. Every method may be run more than once.
@ActivityInterface(namePrefix = "Setup.")
public interface SetupActivities {
  /// How far the set-up is. The first act of every run.
  SetupFacts facts(ReadSetup order);

  /// Writes the stage, with its audit event. An earlier stage never overwrites a later one.
  void enter(EnterStage order);

  /// Waits until the domain is proved to be the tenant's; fails `NOT_YET` until its row says so.
  void awaitOwned(AwaitOwned order);

  /// Wants the domain's records withdrawn, the certificate ended and the server retired: writes the
  /// desired state of all three, and answers the versions to ask for.
  RetireVersions wantRetired(ReadSetup order);

  record ReadSetup(TenantId tenant, SetupId setup) implements TenantScoped {}

  /// @param serverVersion desired version of the server to ask for
  /// @param domainVersion desired version of the domain to ask for
  /// @param isOwnershipAwaited nobody proved yet that the domain is the tenant's; absent in older
  ///   histories
  /// @param certificateVersion desired version of the certificate to ask for; 1 when absent
  record SetupFacts(
      Stage stage,
      ServerId server,
      String provider,
      DomainId domain,
      DomainName domainName,
      CertificateId certificate,
      long serverVersion,
      long domainVersion,
      Optional<String> workspace,
      boolean isOwnershipAwaited,
      Optional<Long> certificateVersion) {}

  /// @param poll how long until the next look
  record AwaitOwned(TenantId tenant, SetupId setup, Duration poll) implements TenantScoped {}

  record EnterStage(TenantId tenant, SetupId setup, Stage stage) implements TenantScoped {}

  record RetireVersions(long server, long domain, long certificate) {}

  /// One thing that needs attention, on whichever entity it was seen.
  ///
  /// @param entity workflow id of the entity
  /// @param evidence what was seen; no secret, no mail address
  record OpenIncident(
      TenantId tenant, SetupId setup, String entity, Cause cause, List<String> evidence)
      implements TenantScoped {}
}
