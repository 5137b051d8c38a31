package com.penguinmails.activities.sweep;

import static java.util.stream.Collectors.groupingBy;

import com.penguinmails.activities.server.Heartbeats;
import com.penguinmails.activities.server.VpsProviders;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.vps.Vps;
import com.penguinmails.ports.vps.VpsPlan;
import com.penguinmails.store.sweep.FindingStore.NewFinding;
import com.penguinmails.store.sweep.FindingStore.OpenFinding;
import com.penguinmails.store.sweep.FindingStore.SweptOrder;
import com.penguinmails.store.sweep.StrayStore.NewStray;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.sweep.SweepStore.FoundOrder;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.sweep.AccountComparison;
import com.penguinmails.workflows.sweep.AccountComparison.Compared;
import com.penguinmails.workflows.sweep.AccountComparison.Finding;
import com.penguinmails.workflows.sweep.AccountComparison.Known;
import com.penguinmails.workflows.sweep.AccountComparison.Listed;
import com.penguinmails.workflows.sweep.AccountComparison.Stage;
import com.penguinmails.workflows.sweep.Repair;
import com.penguinmails.workflows.sweep.ReverseName;
import com.penguinmails.workflows.sweep.SweepActivities;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// See [SweepActivities]. What is found across tenants are pairs of tenant and order; each tenant's
/// rows are read and written under that tenant.
public final class SweepActivitiesImpl implements SweepActivities {
  private static final int REPAIRS_AT_ONCE = 200; // the others wait for the next sweep

  private final Stores stores;
  private final SweepStore found;
  private final VpsProviders providers;
  private final ServersAtWork servers;
  private final ReverseNames reverseNames;
  private final Repairs repairs;

  public SweepActivitiesImpl(
      Stores stores,
      SweepStore found,
      VpsProviders providers,
      ServersAtWork servers,
      ReverseNames reverseNames) {
    this.stores = stores;
    this.found = found;
    this.providers = providers;
    this.servers = servers;
    this.reverseNames = reverseNames;
    this.repairs = new Repairs(stores, providers);
  }

  @Override
  public AccountSwept compare(CompareAccount wanted) {
    return Heartbeats.during(() -> swept(wanted));
  }

  private AccountSwept swept(CompareAccount wanted) {
    var provider = providers.get(wanted.provider()).provider();
    var plans = provider.plans();
    var account = provider.all().stream().map(server -> listed(server, plans)).toList();
    // After the account: an order is written before anything is bought for it.
    var orders = orders(wanted.provider(), account);
    var names =
        reverseNames.of(
            orders.stream()
                .filter(order -> isReverseNameDue(order.row()))
                .flatMap(order -> order.row().address().stream())
                .toList());
    var known =
        orders.stream().map(order -> known(order.tenant(), order.row(), plans, names)).toList();
    var compared = AccountComparison.compare(wanted.at(), providers.installation(), account, known);
    return written(wanted, orders, known, compared);
  }

  private static Listed listed(Vps server, List<VpsPlan> plans) {
    return new Listed(
        server.id(),
        server.label(),
        server.state() == Vps.State.LEAVING,
        server.state() == Vps.State.ACTIVE || server.state() == Vps.State.STOPPED,
        server.size().toString(),
        server.address(),
        plans.stream() // the cheapest first
            .filter(plan -> plan.size().equals(server.size()))
            .map(VpsPlan::monthly)
            .findFirst());
  }

  private List<Ordered> orders(String provider, List<Listed> account) {
    var named =
        account.stream()
            .flatMap(server -> OrderLabel.read(server.name()).stream())
            .filter(providers::isOurs)
            .map(OrderLabel::order)
            .distinct()
            .toList();
    return byTenant(found.ordersToCompare(named)).entrySet().stream()
        .flatMap(entry ->
            stores
                .tenancy()
                .reading(entry.getKey(), () -> stores.findings().orders(provider, entry.getValue()))
                .stream()
                .filter(row -> providers.isOurs(row.label()))
                .map(row -> new Ordered(entry.getKey(), row)))
        .toList();
  }

  private static Map<TenantId, List<OrderId>> byTenant(List<FoundOrder> orders) {
    return orders.stream()
        .collect(
            groupingBy(
                FoundOrder::tenant,
                LinkedHashMap::new,
                Collectors.mapping(FoundOrder::order, Collectors.toList())));
  }

  /// Before the set-up is done, its own proof waits for the name and tells the tenant.
  private static boolean isReverseNameDue(SweptOrder row) {
    return row.isProved() && row.isAccepted() && !row.isParked() && !row.isClosed();
  }

  private Known known(
      TenantId tenant, SweptOrder row, List<VpsPlan> plans, Map<IpAddress, List<String>> names) {
    var stage = row.isClosed() ? Stage.CLOSED : row.isParked() ? Stage.PARKED : Stage.IN_USE;
    boolean isBegun = row.price().isPresent();
    return new Known(
        tenant,
        row.id(),
        row.server(),
        row.label(),
        stage,
        isBegun,
        row.isAccepted(),
        row.found(),
        row.price(),
        plans.stream()
            .filter(plan -> plan.id().equals(row.plan()))
            .map(plan -> plan.size().toString())
            .findFirst(),
        row.address(),
        row.missedAt(),
        stage != Stage.IN_USE || !isBegun || servers.hasRun(row.server()),
        row.address()
            .filter(_ -> isReverseNameDue(row))
            .map(address ->
                new ReverseName(
                    row.hostname(),
                    Optional.ofNullable(names.get(address)),
                    row.reverseWrongAt())));
  }

  private AccountSwept written(
      CompareAccount wanted, List<Ordered> orders, List<Known> known, Compared compared) {
    var written = new Written();
    var reverse = new HashMap<OrderId, ReverseName>();
    known.forEach(order -> order.reverse().ifPresent(name -> reverse.put(order.order(), name)));
    orders.stream()
        .collect(groupingBy(Ordered::tenant, LinkedHashMap::new, Collectors.toList()))
        .forEach((tenant, theirs) ->
            stores.tenancy().run(tenant, () -> write(wanted, theirs, reverse, compared, written)));
    int gone =
        stores
            .tenancy()
            .global(() ->
                stores
                    .strays()
                    .record(
                        wanted.provider(),
                        compared.strays().stream()
                            .map(stray ->
                                new NewStray(
                                    stray.id(),
                                    stray.label(),
                                    stray.evidence(),
                                    stray.proposal(),
                                    stray.perDay()))
                            .toList(),
                        wanted.at()));
    long ended =
        compared.findings().stream().filter(one -> one.cause() == Cause.SERVER_STRAY).count();
    return new AccountSwept(
        compared.listed(),
        compared.others(),
        compared.strays().size() + (int) ended,
        compared.strays().size() + written.open,
        gone + written.closed,
        written.mends.stream().limit(REPAIRS_AT_ONCE).toList());
  }

  /// One tenant's part, in one transaction of the tenant's.
  private void write(
      CompareAccount wanted,
      List<Ordered> theirs,
      Map<OrderId, ReverseName> reverse,
      Compared compared,
      Written written) {
    var rows = theirs.stream().collect(Collectors.toMap(one -> one.row().id(), Ordered::row));
    var missed = compared.missed().stream().map(Known::order).filter(rows::containsKey).toList();
    stores.findings().recordMissed(rows.keySet(), missed, wanted.at());
    var judged = new ArrayList<OrderId>();
    var wrong = new ArrayList<OrderId>();
    reverse.forEach((order, name) -> {
      if (rows.containsKey(order) && name.there().isPresent()) {
        judged.add(order);
        if (name.isWrong()) {
          wrong.add(order);
        }
      }
    });
    stores.findings().recordReverseWrong(judged, wrong, wanted.at());
    var about =
        compared.findings().stream()
            .filter(finding -> rows.containsKey(finding.about().order()))
            .toList();
    noteStanding(about.stream().filter(one -> one.cause().isStanding()).toList(), wanted.at());
    var seen = new ArrayList<IncidentId>();
    for (var finding : about.stream().filter(one -> !one.cause().isStanding()).toList()) {
      var incident = stores.findings().note(row(finding, wanted.at()));
      seen.add(incident);
      mend(finding, incident, rows, wanted.provider()).ifPresent(written.mends::add);
    }
    written.open += seen.size();
    for (var open : stores.findings().open(rows.keySet())) {
      boolean isUnknown =
          open.cause().equals(Cause.SERVER_REVERSE_NAME_DRIFTED.code())
              && reverse.containsKey(open.order())
              && !missed.contains(open.order())
              && !judged.contains(open.order());
      if (isUnknown) {
        written.open++; // DNS was silent: what was so may still be so
      } else if (!seen.contains(open.id())) {
        stores.findings().close(open.id(), whyOver(open, rows, missed, wrong));
        written.closed++;
      }
    }
  }

  /// Of a server, all that is parked or doubled is told as one.
  private void noteStanding(List<Finding> findings, Instant at) {
    findings.stream()
        .collect(
            groupingBy(
                one -> one.cause() + " " + one.about().server(),
                LinkedHashMap::new,
                Collectors.toList()))
        .values()
        .forEach(together -> {
          var first = together.getFirst();
          stores
              .findings()
              .noteStanding(
                  first.about().server(),
                  new NewFinding(
                      first.about().order(),
                      first.cause(),
                      together.stream().map(Finding::evidence).collect(Collectors.joining(" ")),
                      first.proposal(),
                      together.stream().flatMap(one -> one.perDay().stream()).reduce(Money::plus),
                      Optional.empty(),
                      at));
        });
  }

  private static NewFinding row(Finding finding, Instant at) {
    return new NewFinding(
        finding.about().order(),
        finding.cause(),
        finding.evidence(),
        finding.proposal(),
        finding.perDay(),
        finding.repair().map(Repair::name),
        at);
  }

  private static Optional<Mend> mend(
      Finding finding, IncidentId incident, Map<OrderId, SweptOrder> rows, String provider) {
    return Optional.ofNullable(rows.get(finding.about().order()))
        .flatMap(row ->
            finding
                .repair()
                .filter(_ -> finding.isAutomatic())
                .flatMap(repair ->
                    Repairs.mend(repair, incident, finding.about().tenant(), row, provider)));
  }

  private static String whyOver(
      OpenFinding open, Map<OrderId, SweptOrder> rows, List<OrderId> missed, List<OrderId> wrong) {
    var row = rows.get(open.order());
    if (open.cause().equals(Cause.SERVER_STRAY.code())) {
      return "Its seller lists it no more.";
    }
    if (row != null && (row.isParked() || row.isClosed())) {
      return "The order is not in use any more.";
    }
    if (open.cause().equals(Cause.SERVER_REVERSE_NAME_DRIFTED.code())
        && !missed.contains(open.order())
        && wrong.contains(open.order())) {
      return "Its seller lists another address of the server, or is changing it.";
    }
    return missed.contains(open.order())
        ? "Its seller did not list the server any more."
        : "The server was found to be as it should.";
  }

  @Override
  public Mended rename(RenameServer wanted) {
    return Heartbeats.during(() -> repairs.rename(wanted));
  }

  @Override
  public Mended setReverseName(SetReverseName wanted) {
    return Heartbeats.during(() -> repairs.setReverseName(wanted));
  }

  @Override
  public Optional<Mend> mendOf(FindMend wanted) {
    return repairs.of(wanted.tenant(), wanted.incident());
  }

  @Override
  public void repaired(RecordRepair fact) {
    repairs.record(fact);
  }

  private record Ordered(TenantId tenant, SweptOrder row) {}

  /// What came of the writing, of all tenants.
  private static final class Written {
    private final List<Mend> mends = new ArrayList<>();
    private int open;
    private int closed;
  }
}
