package com.penguinmails.workflows.server;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Evident;
import com.penguinmails.workflows.temporal.TenantScoped;
import com.penguinmails.workflows.temporal.Tracked;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What buying one server asks of the ledger and of the provider. Every method may be run more than
/// once, also [#buy]: a try that was claimed before calls nobody.
@ActivityInterface(namePrefix = "Order.")
public interface OrderActivities {
  /// Reads the price and sets the money aside within budget and caps. Nothing is called that costs.
  OrderReserved reserve(ReserveOrder order);

  /// What the provider has under the order's label, oldest first. Empty proves nothing.
  ServersListed lookUp(LookUpOrder order);

  /// One try to buy. Doubt is an answer, not an exception.
  Purchase buy(BuyServer order);

  /// Looks until a server is listed under the label.
  ServersListed awaitListed(AwaitListed order);

  /// Writes which server the order has become. The first one counts, and is the answer.
  ServerFound found(RecordFound order);

  /// Waits until the provider says that it runs and names its address.
  ServerActive awaitActive(AwaitActive order);

  /// What blacklists say about the address, before anything is sent from it.
  AddressJudged judge(JudgeAddress order);

  /// Orders that the address points back to the server's name. That takes the world up to a day to
  /// see; the proof looks.
  AddressNamed nameAddress(NameAddress order);

  /// Keeps the first login in the secret store, and makes the bought server the server.
  ServerAccepted accept(AcceptServer order);

  /// Switches the server off and keeps it: a paid server is never destroyed by itself.
  ServerParked park(ParkServer order);

  /// A member of staff looked: that try bought nothing, if it is unclear still.
  void confirmNotBought(NotBought order);

  /// The order as the rows have it; part of the server's facts.
  ///
  /// @param order the id
  /// @param provider its queue too
  /// @param label what the server is called there
  /// @param tries how often it was tried to buy
  /// @param unclearSince when the try was made whose end nobody knows; empty when there is none
  /// @param found the server at the provider
  /// @param grace how long after a try its effect may take to be listed, usually
  /// @param longGrace how long until staff must decide
  /// @param builtWithin how long a bought server may take to run before staff are told
  /// @param addressTry the last try to get another address for this server
  /// @param earlier the server that this one replaces, while it may still run
  record OrderFacts(
      OrderId order,
      String provider,
      String label,
      boolean isReserved,
      int tries,
      Optional<Instant> unclearSince,
      Optional<ProviderServerId> found,
      boolean isAccepted,
      Duration grace,
      Duration longGrace,
      Duration builtWithin,
      Optional<AddressTry> addressTry,
      Optional<Earlier> earlier) {}

  /// A server that was replaced.
  ///
  /// @param order that was parked
  record Earlier(OrderId order, ProviderServerId found) {}

  /// A try to have the server's address changed.
  ///
  /// @param from the address before it
  /// @param isUnclear no other address was seen yet
  /// @param refused what was answered, when nothing happened for certain
  record AddressTry(
      int attempt, IpAddress from, Instant triedAt, boolean isUnclear, Optional<String> refused) {}

  record ReserveOrder(TenantId tenant, ServerId server, OrderId order, SetupId setup)
      implements Tracked {
    @Override
    public String step() {
      return "server/reserve";
    }

    @Override
    public String title() {
      return "Price and budget of the server";
    }
  }

  /// @param against what stands against it; empty when the money is set aside
  record OrderReserved(Optional<Cause> against, String evidence) implements Evident {}

  record LookUpOrder(TenantId tenant, ServerId server, OrderId order) implements TenantScoped {}

  /// One server under the label.
  ///
  /// @param isAsOrdered it has the size and place that were ordered
  record Listed(ProviderServerId id, Instant createdAt, boolean isAsOrdered) {}

  record ServersListed(List<Listed> servers) implements Evident {
    public ServersListed {
      servers = List.copyOf(servers);
    }

    @Override
    public String evidence() {
      return servers.isEmpty()
          ? "Nothing is listed under the order's label."
          : "Listed under the order's label: "
              + String.join(", ", servers.stream().map(one -> one.id().value()).toList());
    }
  }

  /// @param attempt which try, from 1: claimed in the ledger before the call
  record BuyServer(TenantId tenant, ServerId server, OrderId order, SetupId setup, int attempt)
      implements Tracked {
    @Override
    public String step() {
      return "server/buy";
    }

    @Override
    public String title() {
      return "Buying the server";
    }
  }

  /// What became of a try. Names are stored in histories: never reuse one.
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Purchase.Bought.class, name = "bought"),
    @JsonSubTypes.Type(value = Purchase.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Purchase.Unclear.class, name = "unclear"),
    @JsonSubTypes.Type(value = Purchase.NotTried.class, name = "not-tried")
  })
  sealed interface Purchase extends Evident {
    /// The provider says that it is bought; which one it is shows under the label.
    record Bought(String evidence) implements Purchase {}

    /// The provider said no in readable form: nothing was bought.
    record Refused(Cause cause, String evidence) implements Purchase {}

    /// Nobody knows.
    record Unclear(String evidence) implements Purchase {}

    /// The rows changed since they were read, so that nothing is to be bought: nobody was called.
    record NotTried(String evidence) implements Purchase {}
  }

  /// @param poll how often to look
  record AwaitListed(TenantId tenant, ServerId server, OrderId order, SetupId setup, Duration poll)
      implements Tracked {
    @Override
    public String step() {
      return "server/listed";
    }

    @Override
    public String title() {
      return "Finding the bought server at its provider";
    }
  }

  /// @param person the member of staff who says so; empty: it was found under the label
  record RecordFound(
      TenantId tenant,
      ServerId server,
      OrderId order,
      ProviderServerId found,
      Optional<String> person)
      implements TenantScoped {}

  /// @param counts which server the order is from now on; perhaps another one than was found
  record ServerFound(ProviderServerId counts) {}

  record AwaitActive(
      TenantId tenant,
      ServerId server,
      OrderId order,
      SetupId setup,
      ProviderServerId found,
      Duration poll)
      implements Tracked {
    @Override
    public String step() {
      return "server/active";
    }

    @Override
    public String title() {
      return "Waiting until the provider has built the server";
    }
  }

  record ServerActive(IpAddress address) implements Evident {
    @Override
    public String evidence() {
      return "The server runs at " + address + ".";
    }
  }

  record JudgeAddress(
      TenantId tenant, ServerId server, OrderId order, SetupId setup, IpAddress address)
      implements Tracked {
    @Override
    public String step() {
      return "server/judge";
    }

    @Override
    public String title() {
      return "Asking blacklists about the server's address";
    }
  }

  /// @param asked how many lists were asked
  /// @param unknown how many gave no answer that can be believed: neither good nor bad
  /// @param unbelieved which those are, each with the reason
  record AddressJudged(
      int asked, int unknown, List<Listing> listings, Optional<List<String>> unbelieved)
      implements Evident {
    public AddressJudged {
      listings = List.copyOf(listings);
      unbelieved = unbelieved.map(List::copyOf);
    }

    @Override
    public String evidence() {
      return "%d lists asked, %d without an answer that counts%s; on the list: %s"
          .formatted(
              asked,
              unknown,
              unbelieved.map(lists -> ": " + String.join(", ", lists)).orElse(""),
              listings.isEmpty()
                  ? "none"
                  : String.join("; ", listings.stream().map(Listing::toString).toList()));
    }
  }

  /// @param isSevere much mail would be lost by it
  record Listing(String list, boolean isSevere, String evidence) {
    @Override
    public String toString() {
      return list + " (" + evidence + ")";
    }
  }

  record NameAddress(
      TenantId tenant,
      ServerId server,
      OrderId order,
      SetupId setup,
      ProviderServerId found,
      IpAddress address)
      implements Tracked {
    @Override
    public String step() {
      return "server/reverse-name";
    }

    @Override
    public String title() {
      return "Making the address point back to the server's name";
    }
  }

  record AddressNamed(String evidence) implements Evident {}

  record AcceptServer(
      TenantId tenant,
      ServerId server,
      OrderId order,
      SetupId setup,
      ProviderServerId found,
      IpAddress address)
      implements Tracked {
    @Override
    public String step() {
      return "server/accept";
    }

    @Override
    public String title() {
      return "Taking the bought server over";
    }
  }

  record ServerAccepted(String evidence) implements Evident {}

  /// @param found empty when nothing was ever bought: the order is closed
  record ParkServer(
      TenantId tenant,
      ServerId server,
      OrderId order,
      SetupId setup,
      Optional<ProviderServerId> found)
      implements Tracked {
    @Override
    public String step() {
      return "server/park";
    }

    @Override
    public String title() {
      return "Giving the server back";
    }
  }

  /// @param isPaid it is still paid for, and staff decide
  record ServerParked(boolean isPaid, String evidence) implements Evident {}

  /// @param person who says so
  /// @param attempt which try
  record NotBought(TenantId tenant, ServerId server, OrderId order, String person, int attempt)
      implements TenantScoped {}
}
