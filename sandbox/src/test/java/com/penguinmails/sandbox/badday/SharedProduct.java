package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.workflows.model.DomainName;
import io.temporal.client.WorkflowClient;
import java.nio.file.Path;
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
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Running.class;
  }

  @Override
  public Running resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SharedProduct.class))
        .computeIfAbsent(Running.class, _ -> Running.start(), Running.class);
  }

  /// The world and the product. Safe for tests side by side.
  static final class Running implements AutoCloseable {
    private final SandboxWorld world;
    private final RunningProduct product;
    private final TenantClient client;
    private final AtomicInteger hosts = new AtomicInteger();

    private Running(SandboxWorld world) {
      this.world = world;
      this.product = RunningProduct.start(world);
      this.client = DemoTenant.of(world).client();
    }

    private static Running start() {
      // Named after the checkout: two may be tested on one machine.
      var checkout = Integer.toHexString(Path.of("").toAbsolutePath().hashCode());
      return new Running(SandboxWorld.start(SandboxWorld.Plan.throwAway("bad-days-" + checkout)));
    }

    SandboxWorld world() {
      return world;
    }

    /// Rents the next host and delegates the domain, before anything is ordered: the moment for a
    /// fault.
    Prepared prepare(String domain) {
      int number = hosts.getAndIncrement();
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
      var answer = client.order(key, change.apply(prepared.request()));
      if (answer.status() != 202) {
        throw new AssertionError("the order was answered with " + answer);
      }
      return new OrderedSetup(
          client,
          product.worker().getBean(WorkflowClient.class),
          prepared.domain(),
          answer.body().path("id").asText());
    }

    @Override
    public void close() {
      client.close();
      product.close();
      world.destroy();
    }
  }

  /// What a tenant has before ordering.
  ///
  /// @param hostNumber for [SandboxWorld#host]
  record Prepared(DomainName domain, int hostNumber, Map<String, Object> request) {}
}
