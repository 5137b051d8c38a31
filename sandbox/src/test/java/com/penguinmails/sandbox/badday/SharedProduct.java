package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DomainName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Worlds with the product on top, given to tests as a parameter, and stopped after the last. One
/// of Docker hosts, which tests share; of simulated ones as many as run side by side, each lent to
/// one test at a time: what is planned at a seller or an authority meets whoever calls next.
final class SharedProduct implements ParameterResolver {
  /// All bad days buy for one tenant: more servers than a tenant may have at first.
  static final String AMPLE =
      "stopped_reason = NULL, tenant_monthly_cents = 1000000, installation_monthly_cents = 2000000";

  private static final int NO_HOST = -1;
  private static final Namespace HERE = Namespace.create(SharedProduct.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Running.class;
  }

  @Override
  public Running resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var depth =
        AnnotationSupport.findAnnotation(context.getRequiredTestClass(), BadDay.class)
            .orElseThrow()
            .depth();
    var all = context.getRoot().getStore(HERE);
    return context
        .getStore(HERE)
        .computeIfAbsent(Running.class, _ -> running(depth, all), Running.class);
  }

  private static Running running(Depth depth, Store all) {
    return switch (depth) {
      case DOCKER ->
          new Running(all.computeIfAbsent(depth, _ -> Shared.start(depth), Shared.class), () -> {});
      case SIMULATED -> {
        var lent = all.computeIfAbsent(depth, _ -> new Lent(), Lent.class);
        var world = lent.take();
        yield new Running(world, () -> lent.giveBack(world));
      }
    };
  }

  /// Simulated worlds that nobody has at the moment.
  private record Lent(Queue<Shared> idle) implements AutoCloseable {
    Lent() {
      this(new ConcurrentLinkedQueue<>());
    }

    Shared take() {
      var one = idle.poll();
      return one == null ? Shared.start(Depth.SIMULATED) : one;
    }

    void giveBack(Shared one) {
      idle.add(one);
    }

    @Override
    public void close() {
      idle.parallelStream().forEach(Shared::close);
    }
  }

  /// A world that several tests have, one after the other or side by side.
  private record Shared(TestedProduct tested, AtomicInteger hosts) implements AutoCloseable {
    static Shared start(Depth depth) {
      // Named after the checkout: two may be tested on one machine.
      var checkout = Integer.toHexString(Path.of("").toAbsolutePath().hashCode());
      var plan = SandboxWorld.Plan.throwAway("bad-days-" + checkout, depth);
      var shared = new Shared(TestedProduct.start(plan), new AtomicInteger());
      limitPurchases(shared.tested().world(), AMPLE);
      return shared;
    }

    @Override
    public void close() {
      tested.close();
    }
  }

  /// The world and the product, as one test has them; its hosts are given back when it is over,
  /// because a machine carries some fifteen systemd hosts (`fs.inotify.max_user_instances`).
  static final class Running implements AutoCloseable {
    private final TestedProduct tested;
    private final SandboxWorld world;
    private final AtomicInteger hosts;
    private final Runnable giveBack;
    private final List<Integer> rented = new ArrayList<>();
    private final List<TenantClient> clients = new ArrayList<>();

    private Running(Shared shared, Runnable giveBack) {
      this.tested = shared.tested();
      this.world = tested.world();
      this.hosts = shared.hosts();
      this.giveBack = giveBack;
    }

    SandboxWorld world() {
      return world;
    }

    /// Delegates the domain, for an order of a server that is to be bought.
    Prepared prepareToBuy(String domain) {
      var name = new DomainName(domain);
      return new Prepared(name, NO_HOST, DemoTenant.of(world).purchase(name));
    }

    /// As [#prepareToBuy(String)], for at most so much a month, in US dollars.
    Prepared prepareToBuy(String domain, String monthlyBudget) {
      var name = new DomainName(domain);
      return new Prepared(name, NO_HOST, DemoTenant.of(world).purchase(name, monthlyBudget));
    }

    /// Rents the next host and delegates the domain, before anything is ordered: the moment for a
    /// fault.
    Prepared prepare(String domain) {
      int number = hosts.getAndIncrement();
      rented.add(number);
      var name = new DomainName(domain);
      return new Prepared(name, number, DemoTenant.of(world).request(name, number));
    }

    /// The prepared host, as who owns it sees it.
    TenantHost host(Prepared prepared) {
      return new TenantHost(
          world.host(prepared.hostNumber(), prepared.domain().child("mail")).container());
    }

    /// Orders the set-up.
    OrderedSetup order(Prepared prepared) {
      return order(prepared, UnaryOperator.identity());
    }

    /// Orders the set-up with something else in the request.
    OrderedSetup order(Prepared prepared, UnaryOperator<Map<String, Object>> change) {
      var key = prepared.domain().value();
      return new OrderedSetup(
          tested.order(key, change.apply(prepared.request())), tested, prepared.domain());
    }

    /// Orders another server for the same domain.
    OrderedSetup orderAgain(Prepared prepared, String which) {
      var key = prepared.domain().value() + "/" + which;
      return new OrderedSetup(tested.order(key, prepared.request()), tested, prepared.domain());
    }

    /// Orders the set-up for another tenant than all other tests do.
    OrderedSetup orderOfAnother(Prepared prepared, UnaryOperator<Map<String, Object>> change) {
      var tenants = new TenantStore(new Tenancy(world.appDataSource()));
      var tenant = tenants.create("Another of " + prepared.domain());
      var client =
          new TenantClient(world.apiUrl(), tenants.createApiKey(tenant.id(), "first").key());
      clients.add(client);
      var setup =
          TenantSetup.order(client, prepared.domain().value(), change.apply(prepared.request()));
      return new OrderedSetup(setup, tested, prepared.domain());
    }

    /// What the API answers to an order that it may refuse.
    TenantClient.Answer ask(Prepared prepared, UnaryOperator<Map<String, Object>> change) {
      return tested.client().order(prepared.domain().value(), change.apply(prepared.request()));
    }

    @Override
    public void close() {
      rented.forEach(world::giveBack);
      clients.forEach(TenantClient::close);
      if (world.depth() == Depth.SIMULATED) {
        world.hostwinds().heal(); // a test that failed leaves nothing to the next
        world.acmeFaults().heal();
      }
      giveBack.run();
    }
  }

  /// Changes what may be bought, for everybody.
  static void limitPurchases(SandboxWorld world, String change) {
    JdbcClient.create(world.database().superuser("penguin"))
        .sql("UPDATE purchase_limit SET " + change)
        .update();
  }

  /// What a tenant has before ordering.
  ///
  /// @param hostNumber for [SandboxWorld#host]; negative: the server is to be bought
  record Prepared(DomainName domain, int hostNumber, Map<String, Object> request) {}
}
