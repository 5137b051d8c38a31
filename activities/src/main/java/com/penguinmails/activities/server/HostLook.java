package com.penguinmails.activities.server;

import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepProtocol;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.server.Server;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.TenantId;
import java.util.List;

/// Looks whether a host is as it was left: its probes, with the inputs of the last converging that
/// changed it. So a newer build of ours is no drift, and no secret is read but our login. Changes
/// nothing there; safe to repeat, and from several threads.
public final class HostLook {
  private static final int NAMED = 3; // of the steps that are not, in the evidence

  private final HostSessions sessions;

  public HostLook(RemoteHosts hosts, SecretStore secrets) {
    this.sessions = new HostSessions(hosts, secrets);
  }

  /// What a look came to.
  public enum State {
    AS_LEFT,
    DRIFTED,
    /// It does not answer, or is busy: nothing is said about it.
    UNKNOWN
  }

  /// @param evidence which steps are not, and how; or what it answered instead
  public record HostSeen(State state, String evidence) {}

  /// One look, within some minutes.
  ///
  /// @param server that was converged before
  public HostSeen look(TenantId tenant, Server server) {
    try (var host = sessions.oursOnce(tenant, server)) {
      return seen(new StepProtocol(host).probeApplied(server.id()));
    } catch (Unavailable silent) {
      return new HostSeen(State.UNKNOWN, String.valueOf(silent.getMessage()));
    } catch (Refused refused) { // another host key, our login gone, our helpers gone
      return new HostSeen(State.DRIFTED, String.valueOf(refused.getMessage()));
    }
  }

  private static HostSeen seen(List<StepAnswer> answers) {
    var open = answers.stream().filter(answer -> !answer.isSettled()).toList();
    if (open.isEmpty()) {
      return new HostSeen(State.AS_LEFT, "");
    }
    var named =
        open.stream().limit(NAMED).map(answer -> answer.step() + ": " + answer.evidence()).toList();
    return new HostSeen(
        State.DRIFTED,
        "%d of %d steps: %s%s"
            .formatted(
                open.size(),
                answers.size(),
                String.join("; ", named),
                open.size() > NAMED ? "; and so on" : ""));
  }
}
