package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.TenantScoped;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a sweep asks of the seller and of the rows. Every method may be run more than once, and
/// none buys or gives up anything.
@ActivityInterface(namePrefix = "Sweep.")
public interface SweepActivities {
  /// Lists the account, compares it with the orders of all tenants, and writes what is found:
  /// incidents that are opened, renewed, or closed because they are over.
  AccountSwept compare(CompareAccount order);

  /// Gives a server at its seller the name of its order. Looks first: unless a person wants it, a
  /// name that is a label by now is left alone.
  Mended rename(RenameServer order);

  /// Has the address of a server at its seller point back to the server's name. What DNS says
  /// follows when its resolvers ask again.
  Mended setReverseName(SetReverseName order);

  /// What a program can do about an open incident of an order; empty: nothing, or it is over.
  Optional<Mend> mendOf(FindMend order);

  /// A repair was made: writes why, and closes the incident.
  void repaired(RecordRepair fact);

  /// @param at when the sweep began
  record CompareAccount(String provider, Instant at) {}

  /// @param listed how many servers the account has
  /// @param others how many of them bear another label or none; nothing is done about them
  /// @param strays how many bear a label of ours that no order has, or one of an ended order
  /// @param open how many incidents of this sweep are open
  /// @param closed how many of them were over
  /// @param mends what is to be done by itself
  record AccountSwept(int listed, int others, int strays, int open, int closed, List<Mend> mends) {
    public AccountSwept {
      mends = List.copyOf(mends);
    }
  }

  /// A repair that nobody need be asked about, or that somebody has asked for.
  ///
  /// @param provider of the server
  /// @param hostname of the server, for the list of runs
  /// @param setup the newest of the server, on whose page the work of its run appears
  /// @param version that the server should have
  record Mend(
      Repair repair,
      IncidentId incident,
      TenantId tenant,
      OrderId order,
      ServerId server,
      String provider,
      DomainName hostname,
      SetupId setup,
      long version) {}

  /// @param person who wants it; empty: it is done by itself
  record RenameServer(TenantId tenant, OrderId order, ServerId server, Optional<String> person)
      implements TenantScoped {}

  record SetReverseName(TenantId tenant, OrderId order, ServerId server) implements TenantScoped {}

  record FindMend(TenantId tenant, IncidentId incident) implements TenantScoped {}

  /// @param isDone it is as it should be now
  record Mended(boolean isDone, String evidence) {}

  /// @param evidence what was done
  /// @param person who wanted it; empty: it was done by itself
  record RecordRepair(
      TenantId tenant,
      OrderId order,
      ServerId server,
      IncidentId incident,
      Repair repair,
      String evidence,
      Optional<String> person,
      String runId)
      implements TenantScoped {}
}
