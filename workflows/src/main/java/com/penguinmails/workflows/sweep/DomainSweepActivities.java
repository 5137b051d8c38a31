package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.Optional;

/// What a sweep of domains asks of DNS and of the rows.
@ActivityInterface(namePrefix = "Sweep.")
public interface DomainSweepActivities {
  /// Asks the name servers for the records of the next domains that were proved. Where records are
  /// gone it opens an incident, wants the domain anew and writes why; repeating it does none of
  /// that twice. Nothing is written into a zone.
  DomainsLooked lookAtDomains(LookAtDomains order);

  /// @param after the domain before the first one; empty: from the beginning
  /// @param atMost how many domains
  record LookAtDomains(Optional<DomainId> after, int atMost) {}

  /// @param domains how many were looked at
  /// @param unknown of how many no name server answered
  /// @param drifted whose records are gone
  /// @param last where the next look begins; empty: that was all
  record DomainsLooked(
      int domains, int unknown, List<DriftedDomain> drifted, Optional<DomainId> last) {
    public DomainsLooked {
      drifted = List.copyOf(drifted);
    }
  }

  /// A domain whose run has something to do.
  ///
  /// @param setup the newest that is proved, on whose page the work of the run appears
  /// @param version that the domain should have
  record DriftedDomain(
      TenantId tenant, DomainId domain, DomainName name, SetupId setup, long version) {}
}
