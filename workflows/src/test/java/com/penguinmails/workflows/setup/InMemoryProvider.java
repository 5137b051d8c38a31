package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.server.OrderActivities;
import com.penguinmails.workflows.server.TriageActivities;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// One order and the seller of its server, kept in memory: the ledger is state here, and what is
/// bought is listed when the test says so.
final class InMemoryProvider implements OrderActivities, TriageActivities {
  static final IpAddress OTHER = new IpAddress("192.0.2.11");

  private static final OrderId ORDER = new OrderId(new UUID(1, 7));

  /// What the next tries meet, in this order; then they succeed.
  final LinkedBlockingQueue<Fault> faults = new LinkedBlockingQueue<>();

  final List<Integer> calls = new CopyOnWriteArrayList<>(); // what the seller heard, by try
  private final Map<Integer, Boolean> ledger = new TreeMap<>(); // try: is it unclear
  private Instant unclearSince = Instant.EPOCH;
  volatile int bought;
  volatile boolean isListed = true;
  volatile Optional<Cause> against = Optional.empty();
  volatile Optional<ProviderServerId> found = Optional.empty();
  volatile boolean isReserved;
  volatile boolean isAccepted;
  final List<ProviderServerId> active = new CopyOnWriteArrayList<>(); // which were waited for
  volatile boolean isAway;
  volatile boolean isNeverBuilt;
  volatile boolean isSilent;
  final AtomicInteger silences = new AtomicInteger();
  volatile boolean isPortBlocked;
  volatile boolean isChangeAffordable;
  volatile boolean isChangeReal = true;
  volatile boolean isReplacementAffordable;
  volatile IpAddress address = new IpAddress("192.0.2.10");

  /// What the next changes of address are answered, in this order, while nothing happens.
  final LinkedBlockingQueue<AddressChange> addressRefusals = new LinkedBlockingQueue<>();

  final List<Integer> addressCalls = new CopyOnWriteArrayList<>(); // what the seller heard, by try
  private volatile Optional<AddressTry> addressTry = Optional.empty();
  private volatile Optional<Earlier> earlier = Optional.empty();
  volatile boolean isPowerStuck; // the seller does not answer when it is to switch one off
  final List<ProviderServerId> switchedOff = new CopyOnWriteArrayList<>();
  private volatile int parkedEarlier; // bought under the label of an order before
  volatile boolean isParked;
  volatile boolean isLeaving; // somebody cancelled
  volatile List<Listing> listings = List.of();
  final Semaphore answers = new Semaphore(1_000); // an answer waits for its turn
  final Semaphore looks = new Semaphore(1_000); // a look does, too
  volatile Duration grace = Duration.ofSeconds(2);
  volatile Duration longGrace = Duration.ofSeconds(4);
  volatile Duration builtWithin = Duration.ofSeconds(4);

  /// What may happen to a try.
  enum Fault {
    /// A readable no.
    REFUSED,
    /// It is done, and the answer is lost.
    ANSWER_LOST,
    /// It was never heard, and nobody knows.
    NEVER_HEARD,
    /// Done twice.
    TWICE,
    /// The worker dies after the purchase and before it can say so.
    DIED,
    /// The seller cannot be asked what it has, so that nothing is tried.
    NOT_TRIED,
    /// An earlier run of the try was told no meanwhile; this one calls nobody.
    REFUSED_BEFORE
  }

  synchronized OrderFacts facts() {
    boolean isUnclear = ledger.containsValue(true) && found.isEmpty();
    return new OrderFacts(
        ORDER,
        "hostwinds",
        "pm-t3st01-" + ORDER,
        isReserved,
        ledger.size(),
        isUnclear ? Optional.of(unclearSince) : Optional.empty(),
        found,
        isAccepted,
        grace,
        longGrace,
        builtWithin,
        addressTry,
        earlier);
  }

  @Override
  public OrderReserved reserve(ReserveOrder order) {
    isReserved = against.isEmpty();
    return new OrderReserved(against, isReserved ? "9.99 USD a month are set aside." : "no");
  }

  @Override
  public ServersListed lookUp(LookUpOrder order) {
    var listed =
        isListed
            ? IntStream.range(parkedEarlier, bought)
                .mapToObj(number -> new Listed(id(number), Instant.EPOCH, true))
                .toList()
            : List.<Listed>of();
    looks.acquireUninterruptibly();
    return new ServersListed(listed);
  }

  private static ProviderServerId id(int number) {
    return new ProviderServerId(Integer.toString(700_100 + number));
  }

  @Override
  public Purchase buy(BuyServer order) {
    var purchase = tryOnce(order);
    answers.acquireUninterruptibly();
    return purchase;
  }

  private synchronized Purchase tryOnce(BuyServer order) {
    if (faults.peek() == Fault.NOT_TRIED) {
      faults.remove();
      throw ApplicationFailure.newFailure(
          "no list of images", FailureType.UNAVAILABLE.name(), Cause.PROVIDER_UNREACHABLE.name());
    }
    if (!ledger.containsKey(order.attempt())) {
      if (found.isPresent() || isLeaving) {
        return new Purchase.NotTried("the rows say otherwise by now");
      }
      if (against.isPresent()) {
        return new Purchase.Refused(against.get(), "stopped meanwhile");
      }
    }
    if (ledger.putIfAbsent(order.attempt(), true) != null) {
      return new Purchase.Unclear("begun before");
    }
    unclearSince = Instant.now();
    calls.add(order.attempt());
    var fault = faults.poll();
    if (fault == null) {
      bought++;
      return new Purchase.Bought("bought");
    }
    return switch (fault) {
      case REFUSED -> {
        ledger.put(order.attempt(), false);
        yield new Purchase.Refused(Cause.PROVIDER_REFUSED, "none left");
      }
      case ANSWER_LOST -> {
        bought++;
        yield new Purchase.Unclear("answer lost");
      }
      case NEVER_HEARD -> new Purchase.Unclear("no answer");
      case TWICE -> {
        bought += 2;
        yield new Purchase.Bought("bought");
      }
      case DIED -> {
        bought++;
        throw ApplicationFailure.newFailure("the worker died", FailureType.UNAVAILABLE.name());
      }
      case NOT_TRIED -> throw new IllegalStateException("comes before the try");
      case REFUSED_BEFORE -> {
        ledger.put(order.attempt(), false);
        yield new Purchase.Unclear("begun before");
      }
    };
  }

  @Override
  public ServersListed awaitListed(AwaitListed order) {
    var listed = lookUp(new LookUpOrder(order.tenant(), order.server(), order.order()));
    if (listed.servers().isEmpty()) {
      throw ApplicationFailure.newBuilder()
          .setMessage("not listed yet")
          .setType(FailureType.NOT_YET.name())
          .setDetails(Cause.SERVER_ADDRESS_AWAITED.name())
          .setNextRetryDelay(Duration.ofMillis(100))
          .build();
    }
    return listed;
  }

  @Override
  public synchronized ServerFound found(RecordFound order) {
    if (isAway && order.person().isPresent()) {
      throw ApplicationFailure.newFailure("no answer", FailureType.UNAVAILABLE.name());
    }
    found = found.or(() -> Optional.of(order.found()));
    return new ServerFound(found.get());
  }

  @Override
  public ServerActive awaitActive(AwaitActive order) {
    active.add(order.found());
    if (isNeverBuilt) {
      throw ApplicationFailure.newBuilder()
          .setMessage("The provider says: PENDING, no address")
          .setType(FailureType.NOT_YET.name())
          .setDetails(Cause.SERVER_ADDRESS_AWAITED.name())
          .setNextRetryDelay(order.poll())
          .build();
    }
    return new ServerActive(address);
  }

  @Override
  public AddressJudged judge(JudgeAddress order) {
    return new AddressJudged(
        31, 2, order.address().equals(address) ? listings : List.of(), Optional.empty());
  }

  @Override
  public OutgoingProbed probeOutgoing(ProbeOutgoing order) {
    if (isSilent) {
      silences.incrementAndGet();
      throw ApplicationFailure.newBuilder()
          .setMessage("No answer on port 22")
          .setType(FailureType.NOT_YET.name())
          .setDetails(Cause.SERVER_SILENT.name())
          .setNextRetryDelay(order.poll())
          .build();
    }
    return new OutgoingProbed(!isPortBlocked, "port 25");
  }

  @Override
  public synchronized AddressChange changeAddress(ChangeAddress order) {
    if (!isChangeAffordable) {
      return new AddressChange.NotMade("Another address costs too much.");
    }
    addressCalls.add(order.attempt());
    var no = addressRefusals.poll();
    addressTry =
        Optional.of(
            new AddressTry(
                order.attempt(),
                order.from(),
                Instant.now(),
                no == null,
                Optional.ofNullable(no).map(AddressChange::evidence)));
    if (no != null) {
      return no;
    }
    if (isChangeReal) {
      address = OTHER;
      listings = List.of();
      isPortBlocked = false;
    }
    return new AddressChange.Ordered("changed");
  }

  @Override
  public synchronized ServerActive awaitMoved(AwaitMoved order) {
    if (address.equals(order.from())) {
      throw ApplicationFailure.newBuilder()
          .setMessage("still there")
          .setType(FailureType.NOT_YET.name())
          .setDetails(Cause.SERVER_ADDRESS_AWAITED.name())
          .setNextRetryDelay(order.poll())
          .build();
    }
    addressTry =
        addressTry.map(last ->
            new AddressTry(last.attempt(), last.from(), last.triedAt(), false, Optional.empty()));
    return new ServerActive(address);
  }

  /// The next order of the same server is bought at another seller's machine.
  @Override
  public synchronized ServerReplaced replaceServer(ReplaceServer order) {
    if (!isReplacementAffordable) {
      return new ServerReplaced(false, false, "Another server costs too much.");
    }
    isReplacementAffordable = false;
    isReserved = false;
    earlier = Optional.of(new Earlier(order.order(), order.found()));
    ledger.clear();
    found = Optional.empty();
    addressTry = Optional.empty();
    parkedEarlier = bought;
    listings = List.of();
    isPortBlocked = false;
    return new ServerReplaced(true, true, "parked");
  }

  @Override
  public synchronized ReplacedSwitchedOff switchOff(SwitchOff order) {
    if (isPowerStuck) {
      throw ApplicationFailure.newNonRetryableFailure(
          "no answer", FailureType.UNAVAILABLE.name(), Cause.PROVIDER_UNREACHABLE.name());
    }
    switchedOff.add(order.found());
    earlier = Optional.empty();
    return new ReplacedSwitchedOff("off");
  }

  @Override
  public AddressNamed nameAddress(NameAddress order) {
    return new AddressNamed("named");
  }

  @Override
  public ServerAccepted accept(AcceptServer order) {
    isAccepted = true;
    return new ServerAccepted("accepted");
  }

  @Override
  public ServerParked park(ParkServer order) {
    isParked = true;
    return new ServerParked(order.found().isPresent(), "parked");
  }

  @Override
  public synchronized void confirmNotBought(NotBought order) {
    ledger.computeIfPresent(order.attempt(), (_, _) -> false);
  }
}
