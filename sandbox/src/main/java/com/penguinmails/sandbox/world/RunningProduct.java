package com.penguinmails.sandbox.world;

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
    return start(world, around, Map.of(), apiSettings);
  }

  /// As [#start(SandboxWorld, WorkerInterceptor)]; some settings of both are one's own.
  ///
  /// @param beans that the worker has besides its own
  public static RunningProduct start(
      SandboxWorld world,
      WorkerInterceptor around,
      Map<String, ?> ofWorker,
      Map<String, ?> ofApi,
      Class<?>... beans) {
    var builder =
        WorkerApplication.builder()
            .sources(beans)
            .initializers((GenericApplicationContext context) ->
                context.registerBean(WorkerInterceptor.class, () -> around));
    var worker = new TreeMap<>(world.workerProperties());
    worker.putAll(ofWorker);
    var api = new TreeMap<>(world.apiProperties());
    api.putAll(ofApi);
    return start(run(ApiApplication.builder(), api), builder, worker);
  }

  /// Starts both, with beans that the worker has besides its own, such as another seller's.
  public static RunningProduct start(
      SandboxWorld world, Class<?> beans, Map<String, ?> ofWorker, Map<String, ?> ofApi) {
    var worker = new TreeMap<>(world.workerProperties());
    worker.putAll(ofWorker);
    var api = new TreeMap<>(world.apiProperties());
    api.putAll(ofApi);
    return start(
        run(ApiApplication.builder(), api), WorkerApplication.builder().sources(beans), worker);
  }

  /// Starts both with further settings, the same for both.
  public static RunningProduct start(SandboxWorld world, Map<String, Object> more) {
    var ofApi = new TreeMap<>(world.apiProperties());
    ofApi.putAll(more);
    var ofWorker = new TreeMap<>(world.workerProperties());
    ofWorker.putAll(more);
    return start(run(ApiApplication.builder(), ofApi), WorkerApplication.builder(), ofWorker);
  }

  private static RunningProduct start(
      ConfigurableApplicationContext api,
      SpringApplicationBuilder worker,
      Map<String, Object> ofWorker) {
    try {
      return new RunningProduct(api, run(worker, ofWorker));
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
