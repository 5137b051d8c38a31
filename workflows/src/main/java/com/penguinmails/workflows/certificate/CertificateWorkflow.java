package com.penguinmails.workflows.certificate;

import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Asker;
import com.penguinmails.workflows.temporal.Entity;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TenantScoped;
import com.penguinmails.workflows.temporal.Wanted;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One certificate: issue by DNS-01, install through the server, renew for ever. Id
/// `certificate/<id>`.
@WorkflowInterface
public interface CertificateWorkflow extends Entity, Asker {
  @WorkflowMethod
  void run(BeginCertificate order);

  /// What it is doing, for staff and tests.
  @QueryMethod
  CertificateState view();

  /// @param name the certificate's first name, for summaries
  /// @param server installs it
  record BeginCertificate(
      TenantId tenant,
      CertificateId certificate,
      DomainName name,
      ServerId server,
      Wanted wanted,
      Pace pace,
      Optional<CertificateState> carried)
      implements TenantScoped {}

  /// What a certificate's workflow carries from run to run.
  ///
  /// @param replies the newest version each entity said it reached, by workflow id
  /// @param renewAfter when the next renewal is due; empty before the first issue
  record CertificateState(
      long reached, List<Wanted> waiting, Map<String, Long> replies, Optional<Instant> renewAfter) {
    public CertificateState {
      waiting = List.copyOf(waiting);
      replies = new TreeMap<>(replies);
    }
  }
}
