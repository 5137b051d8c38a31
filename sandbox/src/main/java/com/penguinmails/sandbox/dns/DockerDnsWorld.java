package com.penguinmails.sandbox.dns;

import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.dns.dnsjava.DnsjavaResolver;
import com.penguinmails.ports.dns.rfc2136.Rfc2136DnsProvider;
import com.penguinmails.ports.network.Network;
import com.penguinmails.sandbox.docker.Container;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.docker.ImageRecipe;
import com.penguinmails.sandbox.docker.SandboxNetwork;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The DNS of one sandbox instance on real BIND and unbound, in containers: `.2` root, `test.` and
/// the reverse zone, `.3` and `.4` authoritative, `.5` and `.6` recursive.
public final class DockerDnsWorld implements DnsWorld {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration EXEC_LIMIT = Duration.ofSeconds(20);
  private static final int TTL = 30;

  private final Container root;
  private final Container primary;
  private final Container secondary;
  private final List<Container> recursives;
  private final SandboxNetwork network;
  private final String instanceKey;

  private DockerDnsWorld(
      Container root,
      Container primary,
      Container secondary,
      List<Container> recursives,
      SandboxNetwork network,
      String instanceKey) {
    this.root = root;
    this.primary = primary;
    this.secondary = secondary;
    this.recursives = recursives;
    this.network = network;
    this.instanceKey = instanceKey;
  }

  /// Starts the servers, or the stopped ones of this instance, and waits until they answer. The
  /// image is built when this machine has none.
  public static DockerDnsWorld start(DockerEngine engine, SandboxNetwork network) {
    var image = engine.image(recipe());
    var key = ZoneKey.derived("sandbox-key " + network.instance());
    var nodes = new ArrayList<Container>();
    int last = 2;
    for (var role : List.of("root", "primary", "secondary", "recursive", "recursive")) {
      var net = network.address(0).value().replaceAll("\\.0$", "");
      nodes.add(
          Container.start(
              engine,
              network,
              new Container.Wish(
                  "dns-" + last,
                  image,
                  network.address(last),
                  List.of("bash", "/usr/local/sbin/dns-node", role, net, key),
                  List.of())));
      last++;
    }
    var world =
        new DockerDnsWorld(
            nodes.get(0), nodes.get(1), nodes.get(2), nodes.subList(3, 5), network, key);
    world.await();
    return world;
  }

  static ImageRecipe recipe() {
    return new ImageRecipe(
        "penguin-dns",
        List.of("bind9", "bind9-utils", "bind9-dnsutils", "unbound"),
        new java.util.TreeMap<>(
            Map.of(
                "/usr/local/sbin/dns-node", resource("dns-node.sh"),
                "/usr/local/sbin/dns-zone", resource("zone.sh"))),
        List.of("rndc-confgen -a -c /etc/bind/rndc.key"));
  }

  @Override
  public Resolver resolver() {
    return new DnsjavaResolver(roots(), recursive(), Network.direct(), Duration.ofSeconds(2));
  }

  @Override
  public List<IpAddress> roots() {
    return List.of(network.address(2));
  }

  @Override
  public List<IpAddress> recursive() {
    return List.of(network.address(5), network.address(6));
  }

  @Override
  public ZoneKey delegate(DomainName zone) {
    var key = keyOf(zone);
    order(
        primary,
        "add",
        "primary",
        zone.value(),
        network.address(4).value(),
        key.keyName(),
        key.secret());
    order(secondary, "add", "secondary", zone.value(), network.address(3).value());
    setDelegation(zone, true);
    return key;
  }

  @Override
  public void setPtr(IpAddress address, DomainName name) {
    var reverse = address.reverseName();
    var zone = new DomainName(reverse.value().substring(reverse.value().indexOf('.') + 1));
    replace(
        at(zone, network.address(2)),
        reverse,
        DnsRecord.Type.PTR,
        List.of(new DnsRecord(reverse, DnsRecord.Type.PTR, name.value(), TTL)));
  }

  @Override
  public void put(DomainName zone, RecordName name, DnsRecord.Type type, String... values) {
    replace(
        at(zone, network.address(3)),
        name,
        type,
        List.of(values).stream().map(value -> new DnsRecord(name, type, value, TTL)).toList());
  }

  @Override
  public List<DnsRecord> read(DomainName zone, RecordName name, DnsRecord.Type type) {
    return at(zone, network.address(3)).read(name, type);
  }

  @Override
  public void refuseUpdates(DomainName zone) {
    order(primary, "locked", zone.value(), network.address(4).value());
  }

  @Override
  public void servfail(DomainName zone) {
    order(primary, "servfail", zone.value());
    order(secondary, "servfail", zone.value());
  }

  @Override
  public void undelegate(DomainName zone) {
    setDelegation(zone, false);
  }

  @Override
  public void staleSecondary(DomainName zone) {
    order(primary, "silent", zone.value(), keyOf(zone).keyName());
  }

  @Override
  public void hide(RecordName name) {
    unbound(
        "echo 'server: local-zone: \"%s.\" always_nxdomain' >> /etc/unbound/sandbox.conf"
            .formatted(name));
  }

  @Override
  public void showAgain(RecordName name) {
    unbound("sed -i '/\"%s[.]\" always_nxdomain/d' /etc/unbound/sandbox.conf".formatted(name));
  }

  private void unbound(String edit) {
    var first = recursives.getFirst();
    var output = first.exec("bash", "-euc", edit + "; pkill -HUP -x unbound");
    if (output.exitCode() != 0) {
      throw new IllegalStateException(first.name() + ": " + output.standardError());
    }
  }

  @Override
  public void heal(DomainName zone) {
    delegate(zone);
    order(secondary, "retransfer", zone.value());
  }

  /// The containers, for pulling plugs.
  public List<Container> servers() {
    var all = new ArrayList<>(List.of(root, primary, secondary));
    all.addAll(recursives);
    return List.copyOf(all);
  }

  @Override
  public void close() {
    servers().parallelStream().forEach(Container::stop);
  }

  private ZoneKey keyOf(DomainName zone) {
    return ZoneKey.of(zone, network.address(3), instanceKey);
  }

  /// `test.` has one label and so is no [DomainName]: its records are changed on the server.
  private void setDelegation(DomainName zone, boolean isDelegated) {
    var script = new StringBuilder("server 127.0.0.1\nzone test.\n");
    script.append("key hmac-sha256:sandbox. ").append(instanceKey).append('\n');
    script.append("update delete %s. NS\n".formatted(zone));
    if (isDelegated) {
      script.append("update add %s. 5 NS ns1.test.\n".formatted(zone));
      script.append("update add %s. 5 NS ns2.test.\n".formatted(zone));
    }
    script.append("send\n");
    var output = root.exec(List.of("nsupdate"), script.toString(), EXEC_LIMIT);
    if (output.exitCode() != 0) {
      throw new IllegalStateException("delegating " + zone + ": " + output.standardError());
    }
  }

  private static void replace(
      DnsProvider zone, RecordName name, DnsRecord.Type type, List<DnsRecord> wanted) {
    zone.change(name, type, zone.read(name, type), wanted);
  }

  private DnsProvider at(DomainName zone, IpAddress server) {
    return new Rfc2136DnsProvider.Factory(Network.direct())
        .open(
            zone,
            Map.of("server", server.value(), "keyName", "sandbox"),
            Map.of("secret", instanceKey));
  }

  private static void order(Container server, String... words) {
    var command = new ArrayList<>(List.of("bash", "/usr/local/sbin/dns-zone"));
    command.addAll(List.of(words));
    var output = server.exec(command, "", EXEC_LIMIT);
    if (output.exitCode() != 0) {
      throw new IllegalStateException(
          "dns-zone %s on %s: %s".formatted(words[0], server.name(), output.standardError()));
    }
  }

  private void await() {
    var resolver = resolver();
    var until = Instant.now().plus(START_LIMIT);
    var probe = new RecordName("ns1.test");
    while (resolver.askRecursive(probe, DnsRecord.Type.A).stream()
        .anyMatch(answer -> !(answer.answer() instanceof Resolver.Answer.Found))) {
      if (Instant.now().isAfter(until)) {
        throw new IllegalStateException("the sandbox's DNS does not answer within " + START_LIMIT);
      }
      pause();
    }
    awaitPrimary(until);
  }

  private void awaitPrimary(Instant until) {
    for (var server : List.of(primary, secondary)) {
      while (server.exec("rndc", "status").exitCode() != 0) {
        if (Instant.now().isAfter(until)) {
          throw new IllegalStateException(server.name() + " does not answer");
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the DNS starts", e);
    }
  }

  private static String resource(String name) {
    try (var in = DockerDnsWorld.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
