package com.penguinmails.sandbox.world;

import com.penguinmails.activities.server.VpsProviders.Seller;
import com.penguinmails.api.ApiApplication;
import com.penguinmails.worker.WorkerApplication;
import io.temporal.common.interceptors.WorkerInterceptor;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/// The production worker and API, running against a sandbox world inside this process. Only their
/// settings are the sandbox's.
public final class RunningProduct implements AutoCloseable {
  private static final String SELLERS = "penguin.api.providers";

  static {
    // The log is this process'. Spring Boot would reset it at each start, and two at once break it.
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    SLF4JBridgeHandler.removeHandlersForRootLogger(); // Tomcat logs through java.util.logging
    SLF4JBridgeHandler.install();
  }

  private final ConfigurableApplicationContext api;
  private final ConfigurableApplicationContext worker;

  private RunningProduct(
      ConfigurableApplicationContext api, ConfigurableApplicationContext worker) {
    this.api = api;
    this.worker = worker;
  }

  /// Starts both.
  public static RunningProduct start(SandboxWorld world) {
    return start(world, Map.of());
  }

  /// Starts both, with something around every activity and workflow of the worker: a fault.
  public static RunningProduct start(SandboxWorld world, WorkerInterceptor around) {
    return start(world, around, Map.of());
  }

  /// As [#start(SandboxWorld, WorkerInterceptor)]; some settings of the API are the test's.
  public static RunningProduct start(
      SandboxWorld world, WorkerInterceptor around, Map<String, String> apiSettings) {
    var worker =
        WorkerApplication.builder()
            .initializers((GenericApplicationContext context) ->
                context.registerBean(WorkerInterceptor.class, () -> around));
    var settings = new TreeMap<>(world.apiProperties());
    settings.putAll(apiSettings);
    return start(world, run(ApiApplication.builder(), settings), worker);
  }

  /// Starts both; tenants may buy from this seller too.
  public static RunningProduct start(SandboxWorld world, Seller seller) {
    var worker =
        WorkerApplication.builder()
            .initializers((GenericApplicationContext context) ->
                context.registerBean(seller.provider().name(), Seller.class, () -> seller));
    var settings = new TreeMap<>(world.apiProperties());
    settings.merge(SELLERS, seller.provider().name(), (known, more) -> known + "," + more);
    return start(world, run(ApiApplication.builder(), settings), worker);
  }

  /// Starts both with further settings, the same for both.
  public static RunningProduct start(SandboxWorld world, Map<String, Object> more) {
    var ofApi = new TreeMap<>(world.apiProperties());
    ofApi.putAll(more);
    var ofWorker = new TreeMap<>(world.workerProperties());
    ofWorker.putAll(more);
    var api = run(ApiApplication.builder(), ofApi);
    try {
      return new RunningProduct(api, run(WorkerApplication.builder(), ofWorker));
    } catch (RuntimeException e) {
      api.close();
      throw e;
    }
  }

  private static RunningProduct start(
      SandboxWorld world, ConfigurableApplicationContext api, SpringApplicationBuilder worker) {
    try {
      return new RunningProduct(api, run(worker, world.workerProperties()));
    } catch (RuntimeException e) {
      api.close();
      throw e;
    }
  }

  /// Starts a worker alone.
  public static ConfigurableApplicationContext startWorker(SandboxWorld world) {
    return run(WorkerApplication.builder(), world.workerProperties());
  }

  /// Starts an API alone.
  public static ConfigurableApplicationContext startApi(SandboxWorld world) {
    return run(ApiApplication.builder(), world.apiProperties());
  }

  private static ConfigurableApplicationContext run(
      SpringApplicationBuilder application, Map<String, Object> properties) {
    return application
        .registerShutdownHook(false) // the world stops its parts in order
        .run(
            properties.entrySet().stream()
                .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new));
  }

  public ConfigurableApplicationContext worker() {
    return worker;
  }

  @Override
  public void close() {
    worker.close();
    api.close();
  }
}
