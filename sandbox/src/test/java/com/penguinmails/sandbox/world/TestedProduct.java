package com.penguinmails.sandbox.world;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.common.interceptors.WorkerInterceptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A world with the product running in it, and a tenant's program. Removed as a whole, also when it
/// came up in part only.
public final class TestedProduct implements AutoCloseable {
  private final SandboxWorld world;
  private final RunningProduct product;
  private final TenantClient client;

  private TestedProduct(SandboxWorld world, RunningProduct product) {
    this.world = world;
    this.product = product;
    this.client = DemoTenant.of(world).client();
  }

  /// Starts both in a directory.
  public static TestedProduct start(Path directory) {
    return start(SandboxWorld.Plan.in(directory, (_, _) -> {}));
  }

  /// Starts both.
  public static TestedProduct start(SandboxWorld.Plan plan) {
    return start(plan, RunningProduct::start);
  }

  /// Starts both in a directory, with a fault around every activity.
  public static TestedProduct start(Path directory, WorkerInterceptor around) {
    return start(
        SandboxWorld.Plan.in(directory, (_, _) -> {}),
        world -> RunningProduct.start(world, around));
  }

  /// Starts the world, and the product in it in a way of one's own.
  public static TestedProduct start(
      SandboxWorld.Plan plan, Function<SandboxWorld, RunningProduct> product) {
    var world = SandboxWorld.start(plan);
    try {
      return new TestedProduct(world, product.apply(world));
    } catch (RuntimeException e) {
      world.destroy();
      throw e;
    }
  }

  public SandboxWorld world() {
    return world;
  }

  public RunningProduct product() {
    return product;
  }

  public TenantClient client() {
    return client;
  }

  /// The worker's.
  public WorkflowClient temporal() {
    return product.worker().getBean(WorkflowClient.class);
  }

  /// Orders a set-up.
  public TenantSetup order(String key, Map<String, ?> request) {
    return TenantSetup.order(client, key, request);
  }

  /// The workflow of a set-up's server.
  public WorkflowStub server(TenantSetup setup) {
    return temporal().newUntypedWorkflowStub(serverRun(world, setup));
  }

  /// Workflow id of a set-up's server.
  public static String serverRun(SandboxWorld world, TenantSetup setup) {
    return "server/" + serverId(world, setup);
  }

  /// Names of the orders of a set-up's server, as its seller was told them.
  public List<String> labels(TenantSetup setup) {
    return labels(world, setup);
  }

  /// As [#labels(TenantSetup)], in a world.
  public static List<String> labels(SandboxWorld world, TenantSetup setup) {
    return JdbcClient.create(world.database().superuser("penguin"))
        .sql("SELECT label FROM server_order WHERE server_id = ?")
        .param(serverId(world, setup))
        .query((row, _) -> row.getString("label"))
        .list();
  }

  private static UUID serverId(SandboxWorld world, TenantSetup setup) {
    return JdbcClient.create(world.database().superuser("penguin"))
        .sql("SELECT server_id FROM setup WHERE id = CAST(? AS uuid)")
        .param(setup.id())
        .query(UUID.class)
        .single();
  }

  /// Whose the set-up is.
  public static String tenantOf(SandboxWorld world, String setup) {
    return JdbcClient.create(world.database().superuser("penguin"))
        .sql("SELECT tenant_id::text FROM setup WHERE id = CAST(? AS uuid)")
        .param(setup)
        .query(String.class)
        .single();
  }

  /// Counts rows of all tenants.
  ///
  /// @param from a table, with a condition perhaps
  public long count(String from) {
    return count(world, from);
  }

  /// Counts rows of all tenants in a world.
  public static long count(SandboxWorld world, String from) {
    return JdbcClient.create(world.database().superuser("penguin"))
        .sql("SELECT count(*) FROM " + from)
        .query(Long.class)
        .single();
  }

  @Override
  public void close() {
    client.close();
    product.close();
    world.destroy();
  }
}
