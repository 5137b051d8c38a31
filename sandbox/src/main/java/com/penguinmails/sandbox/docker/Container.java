package com.penguinmails.sandbox.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.StreamType;
import com.penguinmails.workflows.model.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One container of a sandbox instance: a program in an image, at a fixed address.
public final class Container {
  private final DockerEngine engine;
  private final String name;
  private final String id;

  Container(DockerEngine engine, String name, String id) {
    this.engine = engine;
    this.name = name;
    this.id = id;
  }

  static String fullName(String instance, String name) {
    return "penguin-" + instance + "-" + name;
  }

  /// How a container is to be.
  ///
  /// @param name plain name, unique in the instance
  /// @param command empty: `/sbin/init`, with what systemd needs
  /// @param dns resolvers; empty: Docker's own
  public record Wish(
      String name, String image, IpAddress address, List<String> command, List<IpAddress> dns) {
    public Wish {
      command = List.copyOf(command);
      dns = List.copyOf(dns);
    }
  }

  /// Makes and starts a container. A stopped one of that name is started again instead.
  public static Container start(DockerEngine engine, SandboxNetwork network, Wish wish) {
    if (engine.hasContainer(network.instance(), wish.name())) {
      var existing = engine.container(network.instance(), wish.name());
      existing.start();
      return existing;
    }
    var full = fullName(network.instance(), wish.name());
    var isSystem = wish.command().isEmpty();
    var host =
        new HostConfig()
            .withNetworkMode(network.id())
            .withDns(wish.dns().stream().map(IpAddress::value).toList());
    if (isSystem) {
      // systemd mounts and renames, so the default seccomp and AppArmor profiles are in its way.
      host.withCapAdd(Capability.SYS_ADMIN, Capability.NET_ADMIN)
          .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
          .withBinds(Bind.parse("/sys/fs/cgroup:/sys/fs/cgroup:ro"))
          .withTmpFs(Map.of("/run", "exec", "/run/lock", "", "/tmp", "exec"));
    }
    var made =
        engine
            .client()
            .createContainerCmd(wish.image())
            .withName(full)
            .withHostName(wish.name())
            .withLabels(Map.of(DockerEngine.LABEL, network.instance()))
            .withHostConfig(host)
            .withIpv4Address(wish.address().value())
            .withEnv(isSystem ? List.of("container=docker") : List.of())
            .withCmd(isSystem ? List.of("/sbin/init") : wish.command())
            .exec();
    var container = new Container(engine, full, made.getId());
    container.start();
    return container;
  }

  /// What a program in the container left behind.
  public record Output(int exitCode, String standardOutput, String standardError) {}

  /// Runs a program as root and waits for it.
  public Output exec(String... command) {
    return exec(List.of(command), "", Duration.ofMinutes(5));
  }

  /// Runs a program as root with this standard input.
  ///
  /// @throws IllegalStateException it has not ended within the limit
  public Output exec(List<String> command, String input, Duration limit) {
    var client = engine.client();
    var made =
        client
            .execCreateCmd(id)
            .withCmd((input.isEmpty() ? command : withInput(command)).toArray(String[]::new))
            .withEnv(List.of("PENGUIN_INPUT=" + input))
            .withAttachStdout(true)
            .withAttachStderr(true)
            .exec();
    var output = new ByteArrayOutputStream();
    var errors = new ByteArrayOutputStream();
    var start = client.execStartCmd(made.getId());
    try (var callback =
        start.exec(
            new ResultCallback.Adapter<Frame>() {
              @Override
              public void onNext(Frame frame) {
                (frame.getStreamType() == StreamType.STDERR ? errors : output)
                    .writeBytes(frame.getPayload());
              }
            })) {
      if (!callback.awaitCompletion(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "`%s` in %s has not ended within %s".formatted(command.getFirst(), name, limit));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + name, e);
    }
    var code = client.inspectExecCmd(made.getId()).exec().getExitCodeLong();
    return new Output(
        code == null ? -1 : code.intValue(),
        output.toString(StandardCharsets.UTF_8),
        errors.toString(StandardCharsets.UTF_8));
  }

  /// The transport cannot close standard input of a program in a container; a pipe inside can.
  private static List<String> withInput(List<String> command) {
    var all =
        new ArrayList<>(
            List.of(
                "sh", "-c", "printf %s \"$PENGUIN_INPUT\" | env -u PENGUIN_INPUT \"$@\"", "sh"));
    all.addAll(command);
    return all;
  }

  /// What its first process has written so far, both streams together.
  public String log() {
    var log = new ByteArrayOutputStream();
    try (var callback =
        engine
            .client()
            .logContainerCmd(id)
            .withStdOut(true)
            .withStdErr(true)
            .exec(
                new ResultCallback.Adapter<Frame>() {
                  @Override
                  public void onNext(Frame frame) {
                    log.writeBytes(frame.getPayload());
                  }
                })) {
      var _ = callback.awaitCompletion(1, TimeUnit.MINUTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading the log of " + name, e);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  /// The container's full name, for people.
  public String name() {
    return name;
  }

  /// Starts a stopped container, with the same disk and address.
  public void start() {
    try {
      engine.client().startContainerCmd(id).exec();
    } catch (NotModifiedException e) {
      return; // it runs already
    }
  }

  /// Shuts down in order.
  public void stop() {
    try {
      engine.client().stopContainerCmd(id).withTimeout(20).exec();
    } catch (NotModifiedException e) {
      return; // it has stopped already
    }
  }

  /// Pulls the plug.
  public void kill() {
    try {
      engine.client().killContainerCmd(id).exec();
    } catch (ConflictException e) {
      return; // it does not run
    }
  }

  /// Pulls the plug and starts again.
  public void restart() {
    kill();
    start();
  }

  /// Pulls the network cable. Packets vanish; nobody is told.
  public void disconnect(SandboxNetwork network) {
    engine
        .client()
        .disconnectFromNetworkCmd()
        .withNetworkId(network.id())
        .withContainerId(id)
        .exec();
  }

  /// Plugs the network in again at this address.
  public void connect(SandboxNetwork network, IpAddress address) {
    engine
        .client()
        .connectToNetworkCmd()
        .withNetworkId(network.id())
        .withContainerId(id)
        .withContainerNetwork(
            new ContainerNetwork()
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address.value())))
        .exec();
  }

  /// Gives it another address.
  void moveTo(SandboxNetwork network, IpAddress address) {
    disconnect(network);
    connect(network, address);
  }

  /// True while it runs.
  public boolean isRunning() {
    return Boolean.TRUE.equals(
        engine.client().inspectContainerCmd(id).exec().getState().getRunning());
  }

  /// Removes it and its disk, running or not.
  public void remove() {
    try {
      engine.client().removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException | ConflictException e) {
      return; // it is gone, or someone else is removing it
    }
  }
}
