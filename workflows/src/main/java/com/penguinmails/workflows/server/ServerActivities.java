package com.penguinmails.workflows.server;

import com.penguinmails.workflows.mailbox.MailboxActivities.MailboxFacts;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.OrderActivities.OrderFacts;
import com.penguinmails.workflows.temporal.Evident;
import com.penguinmails.workflows.temporal.TenantScoped;
import com.penguinmails.workflows.temporal.Tracked;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.Optional;

/// What a server's workflow asks of the database and of the host. Every method may be run more than
/// once, and after dying anywhere in an earlier run.
@ActivityInterface(namePrefix = "Server.")
public interface ServerActivities {
  /// How far the server is. The first act of every run and of every new version.
  ServerFacts facts(ReadServer order);

  /// Looks at a host before anything is changed, with the tenant's one-time login.
  HostInspected inspect(InspectHost order);

  /// First contact: pins the host's key, installs our login and proves it in a second session, puts
  /// our host key in place. The tenant's own logins stay.
  HostContacted contact(ContactHost order);

  /// Runs every probe of the version's plan in one call. Uploads the bundle when the host has not
  /// got it.
  HostProbed probe(ProbeHost order);

  /// Applies one step and waits for its result; a new attempt re-attaches to a step that is still
  /// running. Heartbeats.
  StepApplied apply(ApplyStep order);

  /// Writes that the host is at this version now.
  void applied(VersionApplied order);

  /// Removes what our manifest says we put on the host, and nothing else.
  HostRetired retire(RetireHost order);

  record ReadServer(TenantId tenant, ServerId server) implements TenantScoped {}

  /// @param address for summaries
  /// @param isContacted our login is installed and proved
  /// @param isRetireWanted the desired state is: gone
  /// @param order what it is bought with; empty for a tenant's own
  /// @param mailboxes what they ask for; empty: nothing
  /// @param isIncidentOpen an earlier run was stuck and could not say that it is over
  record ServerFacts(
      String hostname,
      String address,
      long desiredVersion,
      long appliedVersion,
      boolean isContacted,
      boolean isRetireWanted,
      boolean isRetired,
      Optional<OrderFacts> order,
      Optional<MailboxFacts> mailboxes,
      boolean isIncidentOpen) {}

  record InspectHost(TenantId tenant, ServerId server, SetupId setup) implements Tracked {
    @Override
    public String step() {
      return "server/inspect";
    }

    @Override
    public String title() {
      return "Looking at the server before changing anything";
    }
  }

  /// What was found on the host.
  ///
  /// @param memoryMib total memory in MiB
  /// @param diskFreeMib free space on the root file system in MiB
  /// @param clockOffsetSeconds the host's clock less ours
  /// @param foreignMail services and packages that are not ours: `exim4 on port 25`
  record HostInspected(
      String os,
      String version,
      String architecture,
      long memoryMib,
      long diskFreeMib,
      long clockOffsetSeconds,
      List<String> foreignMail)
      implements Evident {
    public HostInspected {
      foreignMail = List.copyOf(foreignMail);
    }

    @Override
    public String evidence() {
      return "%s %s, %s, %d MiB memory, %d MiB free on disk"
          .formatted(os, version, architecture, memoryMib, diskFreeMib);
    }
  }

  record ContactHost(TenantId tenant, ServerId server, SetupId setup) implements Tracked {
    @Override
    public String step() {
      return "server/contact";
    }

    @Override
    public String title() {
      return "First contact: pinning the host key, installing our login";
    }
  }

  /// @param fingerprint SHA-256 of our host key, pinned from now on
  record HostContacted(String fingerprint) implements Evident {
    @Override
    public String evidence() {
      return "Our key logs in; the host key is pinned as " + fingerprint + ".";
    }
  }

  record ProbeHost(TenantId tenant, ServerId server, SetupId setup, long version)
      implements Tracked {
    @Override
    public String step() {
      return "server/probe";
    }

    @Override
    public String title() {
      return "Comparing the server with its desired state";
    }
  }

  /// @param version what the host was compared with: the newest, which may be newer than was asked
  ///   for
  /// @param bundle hash of the uploaded bundle
  record HostProbed(long version, String bundle, List<StepState> steps) implements Evident {
    public HostProbed {
      steps = List.copyOf(steps);
    }

    /// Names of all steps, in order.
    public List<String> names() {
      return steps.stream().map(StepState::step).toList();
    }

    /// Names of the steps to be applied, in order.
    public List<String> toApply() {
      return steps.stream().filter(s -> !s.isSettled()).map(StepState::step).toList();
    }

    @Override
    public String evidence() {
      var open = toApply();
      return open.isEmpty()
          ? "All " + steps.size() + " steps are as they should be."
          : open.size() + " of " + steps.size() + " steps to apply: " + String.join(", ", open);
    }
  }

  /// @param state `ABSENT`, `PARTIAL`, `DRIFT`, `OK` or `NOT_APPLICABLE`
  record StepState(String step, String state, String evidence) {
    /// Nothing to do for this step.
    public boolean isSettled() {
      return state.equals("OK") || state.equals("NOT_APPLICABLE");
    }
  }

  /// @param version what was wanted when this was ordered; the newest is applied
  /// @param bundle what the host was compared with
  /// @param name the step, such as `090-unbound`
  record ApplyStep(
      TenantId tenant, ServerId server, SetupId setup, long version, String bundle, String name)
      implements Tracked {
    @Override
    public String step() {
      return "server/" + name;
    }

    @Override
    public String title() {
      return HostStepTitles.of(name);
    }
  }

  /// @param newPlan names of all steps, in order, when the plan it was applied from is newer than
  ///   the one the host was compared with; else empty
  record StepApplied(String evidence, List<String> newPlan) implements Evident {
    public StepApplied {
      newPlan = List.copyOf(newPlan);
    }
  }

  record VersionApplied(TenantId tenant, ServerId server, long version) implements TenantScoped {}

  record RetireHost(TenantId tenant, ServerId server, SetupId setup) implements Tracked {
    @Override
    public String step() {
      return "server/retire";
    }

    @Override
    public String title() {
      return "Removing from the server what we put there";
    }
  }

  record HostRetired(String evidence) implements Evident {}
}
