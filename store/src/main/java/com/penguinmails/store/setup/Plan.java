package com.penguinmails.store.setup;

import com.penguinmails.store.server.Server;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.SetupId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What a set-up would do and cost, or the rehearsal that finds it out.
///
/// @param price of a month, as the seller's list said at `priceReadAt`
/// @param setup the set-up it became
public record Plan(
    PlanId id,
    String requestHash,
    Wish wish,
    Optional<Money> price,
    Optional<Instant> priceReadAt,
    State state,
    Optional<SetupId> setup,
    Instant createdAt) {
  /// How long a plan can be gone ahead from; afterwards the secrets it was given are destroyed.
  public static final Duration VALID = Duration.ofHours(24);

  /// A rehearsal takes seconds; one that has not ended by now never will.
  public static final Duration REHEARSAL_LIMIT = Duration.ofMinutes(5);

  /// How it is.
  public enum State {
    REHEARSING,
    /// Whole: can be gone ahead from.
    READY,
    /// The rehearsal could not come to its end.
    STOPPED,
    /// A set-up was made from it.
    USED,
    /// Too old.
    ENDED
  }

  /// Until when it can be gone ahead from.
  public Instant validUntil() {
    return createdAt.plus(VALID);
  }

  /// How it is at this moment.
  public State stateAt(Instant now) {
    return switch (state) {
      case REHEARSING ->
          now.isAfter(createdAt.plus(REHEARSAL_LIMIT)) ? State.STOPPED : State.REHEARSING;
      case READY -> now.isAfter(validUntil()) ? State.ENDED : State.READY;
      case STOPPED, USED, ENDED -> state;
    };
  }

  /// What was asked for. Secrets are references.
  ///
  /// @param request the order word for word; empty once it is forgotten
  /// @param names of the certificate; the first one is the server's
  /// @param ownershipToken what the TXT proof of ownership must say; in the set-up, too
  /// @param mailbox what stands before the @
  public record Wish(
      Optional<SecretRef> request,
      List<DomainName> names,
      DomainName domain,
      DomainName zone,
      String zoneProvider,
      Map<String, String> zoneSettings,
      Optional<SecretRef> zoneSecret,
      boolean isMxReplaceAllowed,
      String ownershipToken,
      String mailbox,
      Source server) {
    public Wish {
      names = List.copyOf(names);
      zoneSettings = Map.copyOf(zoneSettings);
    }

    /// Every secret that is kept for it.
    public List<SecretRef> secrets() {
      return Stream.of(
              request,
              zoneSecret,
              server instanceof Source.Own own ? own.login() : Optional.<SecretRef>empty())
          .flatMap(Optional::stream)
          .toList();
    }

    /// The server's own name.
    public DomainName hostname() {
      return names.getFirst();
    }
  }

  /// Where the server comes from.
  public sealed interface Source {
    /// As `server.provider` has it.
    String provider();

    /// The tenant's.
    record Own(IpAddress address, int port, String user, Optional<SecretRef> login)
        implements Source {
      @Override
      public String provider() {
        return Server.OWN;
      }
    }

    /// One that would be bought.
    ///
    /// @param size as the seller names it
    /// @param budget what a month may cost
    record Bought(String provider, String size, String place, Money budget) implements Source {}
  }

  /// One thing the rehearsal came upon.
  ///
  /// @param name of the step; of a risk its cause
  /// @param stops of a risk: the set-up would wait for somebody
  public record Line(Kind kind, String name, String title, String said, boolean stops) {
    /// What it is.
    public enum Kind {
      STEP,
      EFFECT,
      RISK
    }
  }

  /// How long finished set-ups of the same kind took.
  ///
  /// @param runs how many there are; 0: nothing is known
  /// @param median from the first step to the last
  public record Usual(long runs, Duration median) {}
}
