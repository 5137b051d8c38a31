package com.penguinmails.sandbox.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network.Ipam;
import com.github.dockerjava.api.model.Network.Ipam.Config;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The Docker engine of this machine. Everything made through it carries the label
/// `penguin.sandbox=<instance>`, so that it can be found and removed, also after a crash.
public final class DockerEngine implements AutoCloseable {
  static final String LABEL = "penguin.sandbox";
  private static final int SUBNETS = 251;

  private final DockerClient client;

  private DockerEngine(DockerClient client) {
    this.client = client;
  }

  /// Finds the engine through `DOCKER_HOST`, the Docker configuration, or the usual socket.
  ///
  /// @throws NoDockerEngine none answers; the message says how to get one
  public static DockerEngine connect() {
    DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    var http =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .sslConfig(config.getSSLConfig())
            .connectionTimeout(Duration.ofSeconds(5))
            .maxConnections(50)
            .build();
    var client = DockerClientImpl.getInstance(config, http);
    try {
      client.pingCmd().exec();
    } catch (RuntimeException e) { // the transport wraps a refused socket in unnamed ones
      close(client);
      throw new NoDockerEngine(config.getDockerHost().toString(), e);
    }
    return new DockerEngine(client);
  }

  DockerClient client() {
    return client;
  }

  /// The tag of the recipe's image, which is built if this machine has none: once per content.
  ///
  /// @throws com.penguinmails.sandbox.docker.ImageNotBuilt it cannot be built here
  public String image(ImageRecipe recipe) {
    return new ImageBuilder(client).image(recipe);
  }

  /// The instance's network, made when missing: 10.213.N.0/24 with N free here.
  public SandboxNetwork network(String instance) {
    for (var existing : client.listNetworksCmd().withNameFilter(networkName(instance)).exec()) {
      if (existing.getName().equals(networkName(instance))) {
        return new SandboxNetwork(
            instance, existing.getId(), third(subnets(existing.getIpam()).getFirst()));
      }
    }
    RuntimeException last = new IllegalStateException("10.213.0.0/16 is used up");
    for (int n : IntStream.range(0, SUBNETS).filter(n -> !usedThirds().contains(n)).toArray()) {
      var subnet = "10.213." + n + ".0/24";
      try {
        var made =
            client
                .createNetworkCmd()
                .withName(networkName(instance))
                .withDriver("bridge")
                .withLabels(Map.of(LABEL, instance))
                .withIpam(new Ipam().withConfig(List.of(new Config().withSubnet(subnet))))
                .exec();
        return new SandboxNetwork(instance, made.getId(), n);
      } catch (DockerException e) { // another process took the subnet in between
        last = e;
      }
    }
    throw last;
  }

  /// By Docker's networks, and by what else this machine has addresses in: a route of its own, or
  /// the bridge of an engine that is gone, would take all packets.
  private Set<Integer> usedThirds() {
    return Stream.concat(
            client.listNetworksCmd().exec().stream()
                .flatMap(network -> subnets(network.getIpam()).stream()),
            addressesHere())
        .filter(address -> address.startsWith("10.213."))
        .map(DockerEngine::third)
        .collect(Collectors.toSet());
  }

  private static Stream<String> addressesHere() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(InetAddress::getHostAddress);
    } catch (SocketException e) {
      throw new UncheckedIOException("the addresses of this machine cannot be read", e);
    }
  }

  private static List<String> subnets(Ipam ipam) {
    return ipam.getConfig() == null
        ? List.of()
        : ipam.getConfig().stream().map(Config::getSubnet).toList();
  }

  private static int third(String subnet) {
    return Integer.parseInt(subnet.split("\\.")[2]);
  }

  private static String networkName(String instance) {
    return "penguin-" + instance;
  }

  /// A container of this instance by its plain name, running or not.
  public Container container(String instance, String name) {
    var full = Container.fullName(instance, name);
    return new Container(this, full, client.inspectContainerCmd(full).exec().getId());
  }

  /// True when the instance has such a container, running or not.
  public boolean hasContainer(String instance, String name) {
    try {
      client.inspectContainerCmd(Container.fullName(instance, name)).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /// Every container of the instance, running or not.
  public List<Container> containers(String instance) {
    return client
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(Map.of(LABEL, instance))
        .exec()
        .stream()
        .map(found -> new Container(this, found.getNames()[0].substring(1), found.getId()))
        .toList();
  }

  /// Removes the instance's containers, their disks and its network. Safe to repeat, also for what
  /// a crashed process left.
  public void cleanUp(String instance) {
    containers(instance).forEach(Container::remove);
    for (var network :
        client.listNetworksCmd().withFilter("label", List.of(LABEL + "=" + instance)).exec()) {
      try {
        client.removeNetworkCmd(network.getId()).exec();
      } catch (NotFoundException e) {
        // someone else cleans up too
      }
    }
  }

  @Override
  public void close() {
    close(client);
  }

  private static void close(DockerClient client) {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
