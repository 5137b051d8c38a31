package com.penguinmails.workflows.server;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.OrderActivities.ServerActive;
import com.penguinmails.workflows.temporal.Evident;
import com.penguinmails.workflows.temporal.Tracked;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;

/// What is asked and done about a bought server that mail may not be sent from. Every method may be
/// run more than once, also [#changeAddress]: a try that was claimed before calls nobody.
@ActivityInterface(namePrefix = "Triage.")
public interface TriageActivities {
  /// Whether the server reaches port 25 of our probe host; from the server itself, over SSH.
  /// Changes nothing there. Not yet, while the server is silent.
  OutgoingProbed probeOutgoing(ProbeOutgoing order);

  /// One try to have the main address changed, within the budget. Doubt is an answer, not an
  /// exception.
  AddressChange changeAddress(ChangeAddress order);

  /// Looks until the server has another address than before its change, and settles the try then: a
  /// seller's success proves nothing.
  ServerActive awaitMoved(AwaitMoved order);

  /// Parks the server's order, and opens another one for the same wishes, within the budget. Staff
  /// are told by it. Nothing is switched off or bought by it yet.
  ServerReplaced replaceServer(ReplaceServer order);

  /// Has the seller switch a replaced server off. A no that can be read ends it: it is staff's.
  ReplacedSwitchedOff switchOff(SwitchOff order);

  /// @param poll how often to ask a silent server
  record ProbeOutgoing(
      TenantId tenant,
      ServerId server,
      OrderId order,
      SetupId setup,
      ProviderServerId found,
      IpAddress address,
      Duration poll)
      implements Tracked {
    @Override
    public String step() {
      return "server/outgoing";
    }

    @Override
    public String title() {
      return "Trying whether the server may send mail";
    }
  }

  record OutgoingProbed(boolean isOpen, String evidence) implements Evident {}

  /// @param attempt which try, from 1: claimed in the ledger before the call
  /// @param from the address that is no good
  record ChangeAddress(
      TenantId tenant,
      ServerId server,
      OrderId order,
      SetupId setup,
      ProviderServerId found,
      int attempt,
      IpAddress from)
      implements Tracked {
    @Override
    public String step() {
      return "server/change-address";
    }

    @Override
    public String title() {
      return "Getting another address for the server";
    }
  }

  /// What became of a try. Names are stored in histories: never reuse one.
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = AddressChange.Ordered.class, name = "ordered"),
    @JsonSubTypes.Type(value = AddressChange.Unclear.class, name = "unclear"),
    @JsonSubTypes.Type(value = AddressChange.NotMade.class, name = "not-made"),
    @JsonSubTypes.Type(value = AddressChange.Later.class, name = "later"),
    @JsonSubTypes.Type(value = AddressChange.Outdated.class, name = "outdated")
  })
  sealed interface AddressChange extends Evident {
    /// The seller says that it is done; the address shows it.
    record Ordered(String evidence) implements AddressChange {}

    /// Nobody knows; the address shows it.
    record Unclear(String evidence) implements AddressChange {}

    /// It cannot be had: not offered, not affordable, or refused. Nothing happened.
    record NotMade(String evidence) implements AddressChange {}

    /// The seller asks to wait. Nothing happened.
    ///
    /// @param after how long to wait before the next try
    record Later(Duration after, String evidence) implements AddressChange {}

    /// The rows changed since they were read: nobody was called.
    record Outdated(String evidence) implements AddressChange {}
  }

  record AwaitMoved(
      TenantId tenant,
      ServerId server,
      OrderId order,
      SetupId setup,
      ProviderServerId found,
      int attempt,
      IpAddress from,
      Duration poll)
      implements Tracked {
    @Override
    public String step() {
      return "server/moved";
    }

    @Override
    public String title() {
      return "Waiting until the server has its other address";
    }
  }

  record ReplaceServer(
      TenantId tenant, ServerId server, OrderId order, SetupId setup, ProviderServerId found)
      implements Tracked {
    @Override
    public String step() {
      return "server/replace";
    }

    @Override
    public String title() {
      return "Replacing the server by another one";
    }
  }

  /// @param order that was parked
  /// @param found the server it was
  record SwitchOff(
      TenantId tenant, ServerId server, OrderId order, SetupId setup, ProviderServerId found)
      implements Tracked {
    @Override
    public String step() {
      return "server/switch-off";
    }

    @Override
    public String title() {
      return "Switching off the server that was replaced";
    }
  }

  record ReplacedSwitchedOff(String evidence) implements Evident {}

  /// @param isReplaced the rows have another order now
  /// @param isParked the earlier server is still paid for, and staff decide
  record ServerReplaced(boolean isReplaced, boolean isParked, String evidence) implements Evident {}
}
