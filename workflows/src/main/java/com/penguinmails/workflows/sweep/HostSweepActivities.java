package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.Optional;

/// What a sweep of hosts asks of them and of the rows.
@ActivityInterface(namePrefix = "Sweep.")
public interface HostSweepActivities {
  /// Runs the probes of the next hosts that were converged, as they were applied there. Where a
  /// step is not as it was left, it opens an incident, wants the server anew and writes why;
  /// repeating it does none of that twice. Nothing is changed on a host.
  HostsLooked lookAtHosts(LookAtHosts order);

  /// @param after the server before the first one; empty: from the beginning
  /// @param atMost how many servers
  record LookAtHosts(Optional<ServerId> after, int atMost) {}

  /// @param hosts how many were looked at
  /// @param unknown how many did not answer, or were busy
  /// @param drifted how many are not as they were left
  /// @param behind servers whose run has something to do: the drifted ones, and any whose newest
  ///   version was not reached
  /// @param last where the next look begins; empty: that was all
  record HostsLooked(
      int hosts, int unknown, int drifted, List<BehindServer> behind, Optional<ServerId> last) {
    public HostsLooked {
      behind = List.copyOf(behind);
    }
  }

  /// A server that has not reached its version.
  ///
  /// @param setup the newest that is proved, on whose page the work of the run appears
  /// @param version that the server should have
  record BehindServer(
      TenantId tenant,
      ServerId server,
      DomainName hostname,
      String provider,
      SetupId setup,
      long version) {}
}
