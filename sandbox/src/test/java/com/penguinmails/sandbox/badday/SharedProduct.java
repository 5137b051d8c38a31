package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DomainName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// One world with the product on top, started by the first class that asks and stopped after the
/// last; given to tests as a parameter.
final class SharedProduct implements ParameterResolver {
  private static final Namespace HERE = Namespace.create(SharedProduct.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Running.class;
  }

  @Override
  public Running resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var shared =
        context
            .getRoot()
            .getStore(HERE)
            .computeIfAbsent(Shared.class, _ -> Shared.start(), Shared.class);
    return context
        .getStore(HERE)
        .computeIfAbsent(Running.class, _ -> new Running(shared), Running.class);
  }

  /// What all tests share.
  private record Shared(TestedProduct tested, AtomicInteger hosts) implements AutoCloseable {
    static Shared start() {
      // Named after the checkout: two may be tested on one machine.
      var checkout = Integer.toHexString(Path.of("").toAbsolutePath().hashCode());
      var plan = SandboxWorld.Plan.throwAway("bad-days-" + checkout);
      return new Shared(TestedProduct.start(plan), new AtomicInteger());
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
    private final List<Integer> rented = new ArrayList<>();

    private Running(Shared shared) {
      this.tested = shared.tested();
      this.world = tested.world();
      this.hosts = shared.hosts();
    }

    SandboxWorld world() {
      return world;
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
          tested.order(key, change.apply(prepared.request())),
          tested.temporal(),
          prepared.domain());
    }

    /// What the API answers to an order that it may refuse.
    TenantClient.Answer ask(Prepared prepared, UnaryOperator<Map<String, Object>> change) {
      return tested.client().order(prepared.domain().value(), change.apply(prepared.request()));
    }

    @Override
    public void close() {
      rented.forEach(world::giveBack);
    }
  }

  /// What a tenant has before ordering.
  ///
  /// @param hostNumber for [SandboxWorld#host]
  record Prepared(DomainName domain, int hostNumber, Map<String, Object> request) {}
}
