package com.penguinmails.activities.sweep;

import com.penguinmails.activities.server.VpsProviders;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.vps.Vps;
import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.store.decision.DecisionStore.NewDecision;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.Order;
import com.penguinmails.store.server.Server;
import com.penguinmails.store.sweep.FindingStore.SweptOrder;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.sweep.Repair;
import com.penguinmails.workflows.sweep.SweepActivities.Mend;
import com.penguinmails.workflows.sweep.SweepActivities.Mended;
import com.penguinmails.workflows.sweep.SweepActivities.RecordRepair;
import com.penguinmails.workflows.sweep.SweepActivities.RenameServer;
import com.penguinmails.workflows.sweep.SweepActivities.SetReverseName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// What is done about what a sweep found; see [Repair]. Each looks at the seller first.
final class Repairs {
  private final Stores stores;
  private final VpsProviders providers;

  Repairs(Stores stores, VpsProviders providers) {
    this.stores = stores;
    this.providers = providers;
  }

  /// @param row of the order that it is about
  static Optional<Mend> mend(
      Repair repair, IncidentId incident, TenantId tenant, SweptOrder row, String provider) {
    return row.setup()
        .map(setup ->
            new Mend(
                repair,
                incident,
                tenant,
                row.id(),
                row.server(),
                provider,
                row.hostname(),
                setup,
                row.desiredVersion()));
  }

  /// Of an open incident.
  Optional<Mend> of(TenantId tenant, IncidentId incident) {
    return stores
        .tenancy()
        .reading(
            tenant,
            () ->
                stores
                    .findings()
                    .repairOf(incident)
                    .flatMap(found ->
                        stores.findings().orders(found.provider(), List.of(found.order())).stream()
                            .findFirst()
                            .flatMap(row ->
                                mend(
                                    Repair.valueOf(found.repair()),
                                    incident,
                                    tenant,
                                    row,
                                    found.provider()))));
  }

  Mended rename(RenameServer wanted) {
    return inUse(
        wanted.tenant(),
        wanted.order(),
        wanted.server(),
        (used, provider) -> rename(wanted, used, provider));
  }

  private static Mended rename(RenameServer wanted, Used used, VpsProvider provider) {
    if (!provider.capabilities().renames()) {
      return new Mended(false, "The provider lets nobody name servers by program.");
    }
    var there = used.there();
    var label = used.order().label();
    if (there.label().equals(label.value())) {
      return new Mended(true, "Server %s has its name.".formatted(there.id()));
    }
    if (wanted.person().isEmpty() && OrderLabel.read(there.label()).isPresent()) {
      return new Mended(false, "Its name is a label by now: a person decides.");
    }
    provider.rename(there.id(), label.value());
    return new Mended(true, "Server %s is called %s again.".formatted(there.id(), label));
  }

  Mended setReverseName(SetReverseName wanted) {
    return inUse(wanted.tenant(), wanted.order(), wanted.server(), Repairs::setReverseName);
  }

  private static Mended setReverseName(Used used, VpsProvider provider) {
    if (!provider.capabilities().reverseNames()) {
      return new Mended(false, "The provider lets nobody set reverse names by program.");
    }
    var address = used.server().knownAddress();
    if (address.isEmpty() || !address.equals(used.there().address())) {
      return new Mended(false, "The server has another address at its seller by now.");
    }
    provider.setReverseName(used.there().id(), address.get(), used.server().hostname());
    return new Mended(
        true, "Ordered: %s points back to %s.".formatted(address.get(), used.server().hostname()));
  }

  /// Repairs a server that its order uses, and that is of this installation.
  private Mended inUse(
      TenantId tenant, OrderId id, ServerId of, BiFunction<Used, VpsProvider, Mended> how) {
    var order = stores.tenancy().reading(tenant, () -> stores.orders().get(id));
    var server = stores.tenancy().reading(tenant, () -> stores.servers().get(of));
    if (order.found().isEmpty() || order.parkedAt().isPresent() || order.closedAt().isPresent()) {
      return new Mended(false, "The order is not in use any more.");
    }
    if (!providers.isOurs(order.label())) {
      return new Mended(false, "It is an order of another installation.");
    }
    var provider = providers.get(server.provider()).provider();
    return how.apply(new Used(order, server, provider.get(order.found().get())), provider);
  }

  /// Writes why it was done, and ends the incident.
  void record(RecordRepair fact) {
    var answer =
        switch (fact.repair()) {
          case START_RUN -> Answer.RUN_STARTED;
          case RENAME -> Answer.NAME_GIVEN_BACK;
          case SET_REVERSE_NAME -> Answer.REVERSE_NAME_SET;
        };
    var why =
        fact.person().isPresent()
            ? "our staff wanted it"
            : "nobody need be asked, " + fact.repair().why();
    stores
        .tenancy()
        .run(
            fact.tenant(),
            () -> {
              stores
                  .decisions()
                  .record(
                      NewDecision.of(
                          EntityKind.SERVER,
                          fact.server().value(),
                          "sweep/repair",
                          Map.of(
                              "incident", fact.incident().toString(),
                              "order", fact.order().toString()),
                          answer.about("%s Why: %s".formatted(fact.evidence(), why)),
                          fact.runId()));
              stores.findings().close(fact.incident(), "Repaired: " + fact.evidence());
            });
  }

  /// @param there as the seller has it
  private record Used(Order order, Server server, Vps there) {}
}
