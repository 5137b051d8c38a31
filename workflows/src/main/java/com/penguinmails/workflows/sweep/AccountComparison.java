package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a seller's account holds, against the orders of this installation. Servers that bear
/// another label or none, and are not the server of an order by their id, are counted and never
/// looked at. Pure.
public final class AccountComparison {
  private static final Money NOTHING = new Money(0, "USD");

  private final Instant at;
  private final String installation;
  private final List<Listed> account;
  private final TreeMap<String, Listed> byId = new TreeMap<>();
  private final TreeMap<String, List<Listed>> byName = new TreeMap<>();
  private final TreeMap<String, Known> byLabel = new TreeMap<>();
  private final TreeMap<String, Known> byServer =
      new TreeMap<>(); // orders in use, by the seller's id
  private final List<Finding> findings = new ArrayList<>();
  private final List<Known> missed = new ArrayList<>();

  private AccountComparison(
      Instant at, String installation, List<Listed> account, List<Known> orders) {
    this.at = at;
    this.installation = installation;
    this.account = account.stream().filter(server -> !server.isLeaving()).toList();
    this.account.forEach(server -> {
      byId.put(server.id().value(), server);
      byName.computeIfAbsent(server.name(), _ -> new ArrayList<>()).add(server);
    });
    orders.forEach(order -> {
      byLabel.put(order.label().value(), order);
      order
          .found()
          .filter(_ -> order.stage() == Stage.IN_USE)
          .ifPresent(found -> byServer.put(found.value(), order));
    });
  }

  /// Compares them.
  ///
  /// @param at when the sweep began: what it missed first is missing only in a later one
  /// @param installation whose labels are ours
  /// @param account every server of the account
  /// @param orders those that are not closed, and those that a label in the account names; read
  ///   after the account was, because an order is written before anything is bought for it
  public static Compared compare(
      Instant at, String installation, List<Listed> account, List<Known> orders) {
    var comparison = new AccountComparison(at, installation, account, orders);
    orders.forEach(comparison::look);
    return new Compared(
        List.copyOf(comparison.findings),
        comparison.strays(),
        List.copyOf(comparison.missed),
        comparison.account.size(),
        (int) comparison.account.stream().filter(comparison::isAnothers).count());
  }

  private void look(Known order) {
    switch (order.stage()) {
      case IN_USE -> lookAtOneInUse(order);
      case PARKED -> lookAtParked(order);
      case CLOSED -> lookAtClosed(order);
    }
  }

  private void lookAtOneInUse(Known order) {
    if (order.found().isPresent()) {
      own(order).ifPresentOrElse(server -> lookForDrift(order, server), () -> miss(order));
      lookForSecond(order);
    }
    if (order.isBegun() && !order.hasRun()) {
      find(
          order,
          Cause.SERVER_WITHOUT_RUN,
          "The workflow of server %s has no run, so that nobody looks after it"
              .formatted(order.server()),
          "Nothing, unless this stays: it is started by itself.",
          Optional.empty(),
          Optional.of(Repair.START_RUN),
          true);
    }
  }

  /// One empty look proves nothing: lists lag.
  private void miss(Known order) {
    missed.add(order);
    if (order.missedAt().filter(first -> first.isBefore(at)).isEmpty()) {
      return;
    }
    find(
        order,
        Cause.SERVER_MISSING,
        "Server %s of %s is not listed by its seller, and was not at %s"
            .formatted(order.found().orElseThrow(), order.label(), order.missedAt().orElseThrow()),
        "Look for it at the seller. If it is gone for good, have the tenant retire the set-up, or"
            + " order another server for the domain; then release %s. Its price counts in the caps"
                .formatted(order.label())
            + " until then.",
        order.monthly(),
        Optional.empty(),
        false);
  }

  private void lookForSecond(Known order) {
    var used = order.found().orElseThrow();
    var others = named(order).stream().filter(server -> !server.id().equals(used)).toList();
    if (!others.isEmpty()) {
      find(
          order,
          Cause.PURCHASE_DOUBLED,
          "Server %s is used; under the same label there are also %s".formatted(used, ids(others)),
          "Cancel the others at the seller, then close this.",
          sum(others, order),
          Optional.empty(),
          false);
    }
  }

  private void lookForDrift(Known order, Listed server) {
    if (!order.isAccepted() || !server.isSettled()) {
      return; // being built, moved or changed: it may have any size and address
    }
    order
        .size()
        .filter(size -> !size.equals(server.size()))
        .ifPresent(size ->
            find(
                order,
                Cause.SERVER_SIZE_DRIFTED,
                "Server %s has %s; ordered was %s".formatted(server.id(), server.size(), size),
                "Ask who changed it there, and see what the next invoice says.",
                Optional.of(dearer(order, server)),
                Optional.empty(),
                false));
    var listed = server.address();
    if (listed.isPresent() && order.address().isPresent() && !listed.equals(order.address())) {
      find(
          order,
          Cause.SERVER_ADDRESS_DRIFTED,
          "Server %s has the main address %s; the rows and the tenant's records say %s"
              .formatted(server.id(), listed.get(), order.address().get()),
          "Have the seller give the earlier address back. If that cannot be had, order another"
              + " server for the domain, and retire this one.",
          Optional.empty(),
          Optional.empty(),
          false);
    } else {
      lookAtReverseName(order);
    }
    if (!server.name().equals(order.label().value())) {
      lookAtName(order, server);
    }
  }

  private void lookAtReverseName(Known order) {
    order
        .reverse()
        .filter(reverse -> reverse.isWrongAgain(at))
        .ifPresent(reverse ->
            find(
                order,
                Cause.SERVER_REVERSE_NAME_DRIFTED,
                "DNS says that %s points back to %s; it must be %s and nothing else. It was wrong at %s, too"
                    .formatted(
                        order.address().map(IpAddress::value).orElse("the address"),
                        reverse.shown(),
                        reverse.wanted(),
                        reverse.wrongAt().orElseThrow()),
                "Nothing, unless this stays: the reverse name is ordered to be %s again by itself. Many receivers refuse the server's mail until then."
                    .formatted(reverse.wanted()),
                Optional.empty(),
                Optional.of(Repair.SET_REVERSE_NAME),
                true));
  }

  /// Where the name is a label, it is somebody's: of another order, or of another installation that
  /// has the same account, as a copy of this one's database has. Then a person decides.
  private void lookAtName(Known order, Listed server) {
    var label = OrderLabel.read(server.name());
    find(
        order,
        Cause.SERVER_NAME_DRIFTED,
        "Server %s is called \"%s\" at its seller; it was ordered as %s"
            .formatted(server.id(), shown(server.name()), order.label()),
        label.isPresent()
            ? "The name is a label of %s. Find out who gave it; when the server is ours, have this repaired: it is called %s then."
                .formatted(
                    label.get().installation().equals(installation)
                        ? "another order"
                        : "another installation",
                    order.label())
            : "Nothing, unless this stays: the name is given back by itself.",
        Optional.empty(),
        Optional.of(Repair.RENAME),
        label.isEmpty());
  }

  private void lookAtParked(Known order) {
    var there = Stream.concat(own(order).stream(), named(order).stream()).distinct().toList();
    find(
        order,
        Cause.SERVER_PARKED,
        there.isEmpty()
            ? "%s is not listed by its seller any more: release it, once no invoice names it."
                .formatted(order.label())
            : "Its seller lists %s as %s.".formatted(order.label(), ids(there)),
        "Cancel it at the seller, then release it.",
        there.isEmpty() ? Optional.of(NOTHING) : sum(there, order),
        Optional.empty(),
        false);
  }

  private void lookAtClosed(Known order) {
    var there =
        named(order).stream().filter(server -> !byServer.containsKey(server.id().value())).toList();
    if (!there.isEmpty()) {
      find(
          order,
          Cause.SERVER_STRAY,
          "The order %s has ended, and its seller lists %s under its label"
              .formatted(order.label(), ids(there)),
          "Cancel it at the seller; this ends by itself when it is gone there.",
          sum(there, order),
          Optional.empty(),
          false);
    }
  }

  private List<Stray> strays() {
    return account.stream()
        .filter(server -> !byServer.containsKey(server.id().value()))
        .flatMap(server ->
            OrderLabel.read(server.name()).stream()
                .filter(label -> label.installation().equals(installation))
                .filter(label -> !byLabel.containsKey(label.value()))
                .map(label -> stray(server, label)))
        .toList();
  }

  private static Stray stray(Listed server, OrderLabel label) {
    return new Stray(
        server.id(),
        label,
        "Server %s is called %s, which is a label of this installation, and no order has it"
            .formatted(server.id(), label),
        "Was the database restored from before the purchase? Then nothing else knows this server:"
            + " look what is on it. Cancel it at the seller, or give it another name there to keep"
            + " it; this ends by itself then.",
        server.monthly().map(Money::perDayOfMonthly));
  }

  private boolean isAnothers(Listed server) {
    return !byServer.containsKey(server.id().value())
        && OrderLabel.read(server.name())
            .filter(label -> label.installation().equals(installation))
            .isEmpty();
  }

  private void find(
      Known order,
      Cause cause,
      String evidence,
      String proposal,
      Optional<Money> monthly,
      Optional<Repair> repair,
      boolean isAutomatic) {
    findings.add(
        new Finding(
            order,
            cause,
            evidence,
            proposal,
            monthly.map(Money::perDayOfMonthly),
            repair,
            isAutomatic));
  }

  private Optional<Listed> own(Known order) {
    return order.found().map(found -> byId.get(found.value()));
  }

  private List<Listed> named(Known order) {
    return byName.getOrDefault(order.label().value(), List.of());
  }

  /// What they cost a month; where the size is for sale no more, what was agreed for one.
  private static Optional<Money> sum(List<Listed> servers, Known order) {
    return servers.stream()
        .flatMap(server -> server.monthly().or(order::monthly).stream())
        .reduce(Money::plus);
  }

  /// How much more a month it costs than was ordered, as far as that is known.
  private static Money dearer(Known order, Listed server) {
    var now = server.monthly().map(Money::cents).orElse(0L);
    var agreed = order.monthly().map(Money::cents).orElse(now);
    return new Money(
        Math.max(0, now - agreed), server.monthly().map(Money::currency).orElse("USD"));
  }

  private static String ids(List<Listed> servers) {
    return String.join(", ", servers.stream().map(server -> server.id().value()).toList());
  }

  /// A name comes from outside.
  static String shown(String name) {
    var plain = name.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 60 ? plain.substring(0, 60) + "…" : plain;
  }

  /// How far an order is.
  public enum Stage {
    /// Neither parked nor closed.
    IN_USE,
    /// Not used any more, and still paid for.
    PARKED,
    /// Nothing is paid for it any more, as far as the rows say.
    CLOSED
  }

  /// A server as its seller lists it.
  ///
  /// @param name ours or not
  /// @param isLeaving given up: counts as gone
  /// @param isSettled nothing is being done to it
  /// @param size in words
  /// @param monthly what the seller asks for this size; empty: it is not for sale
  public record Listed(
      ProviderServerId id,
      String name,
      boolean isLeaving,
      boolean isSettled,
      String size,
      Optional<IpAddress> address,
      Optional<Money> monthly) {}

  /// An order as its rows say.
  ///
  /// @param isBegun its server's workflow has been at work: the money was set aside by it
  /// @param isAccepted the server was taken over, with its address
  /// @param found the server it has become
  /// @param monthly what was agreed for it
  /// @param size of the ordered plan, in words; empty: the plan is sold no more
  /// @param address of the server, by the rows
  /// @param missedAt the sweep that first did not find its server; empty: it was listed then
  /// @param hasRun its server's workflow has a run; asked only of those in use
  /// @param reverse name of the address; empty: not to be judged, as before the set-up is done
  public record Known(
      TenantId tenant,
      OrderId order,
      ServerId server,
      OrderLabel label,
      Stage stage,
      boolean isBegun,
      boolean isAccepted,
      Optional<ProviderServerId> found,
      Optional<Money> monthly,
      Optional<String> size,
      Optional<IpAddress> address,
      Optional<Instant> missedAt,
      boolean hasRun,
      Optional<ReverseName> reverse) {}

  /// Something about an order that is not as it should be.
  ///
  /// @param proposal what helps, said to staff
  /// @param perDay what it costs a day; empty: nothing, or it is not known
  /// @param repair what a program can do
  /// @param isAutomatic the repair is on the list of those that nobody need be asked about
  public record Finding(
      Known about,
      Cause cause,
      String evidence,
      String proposal,
      Optional<Money> perDay,
      Optional<Repair> repair,
      boolean isAutomatic) {}

  /// A server with a label of ours that no order has. Components as in [Finding].
  public record Stray(
      ProviderServerId id,
      OrderLabel label,
      String evidence,
      String proposal,
      Optional<Money> perDay) {}

  /// What came out.
  ///
  /// @param missed orders in use whose server was not listed, for the first time or again
  /// @param listed how many servers the account has, without those that leave
  /// @param others how many of them are none of ours
  public record Compared(
      List<Finding> findings, List<Stray> strays, List<Known> missed, int listed, int others) {}
}
