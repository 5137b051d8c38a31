package com.penguinmails.sandbox.dns;

import com.penguinmails.ports.dns.DnsProvider;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The DNS of one sandbox instance, on real BIND and unbound: `.2` root, `test.` and the reverse
/// zone, `.3` and `.4` authoritative, `.5` and `.6` recursive. Zones and records stay when it is
/// stopped.
public final class DnsWorld implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration EXEC_LIMIT = Duration.ofSeconds(20);
  private static final int TTL = 30;

  private final Container root;
  private final Container primary;
  private final Container secondary;
  private final List<Container> recursives;
  private final SandboxNetwork network;
  private final String instanceKey;

  private DnsWorld(
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

  /// A tenant's access to their zone, as their DNS host would hand it out.
  ///
  /// @param server address that takes updates
  /// @param secret base64
  public record ZoneKey(IpAddress server, String keyName, String algorithm, String secret) {
    @Override
    public String toString() {
      return "ZoneKey[" + keyName + "]";
    }
  }

  /// Starts the servers, or the stopped ones of this instance, and waits until they answer. The
  /// image is built when this machine has none.
  public static DnsWorld start(DockerEngine engine, SandboxNetwork network) {
    var image = engine.image(recipe());
    var key = derived("sandbox-key " + network.instance());
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
        new DnsWorld(nodes.get(0), nodes.get(1), nodes.get(2), nodes.subList(3, 5), network, key);
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

  /// The resolver of this world, for the orchestrator.
  public DnsjavaResolver resolver() {
    return new DnsjavaResolver(roots(), recursive(), Network.direct(), Duration.ofSeconds(2));
  }

  /// Addresses of the root servers.
  public List<IpAddress> roots() {
    return List.of(network.address(2));
  }

  /// Addresses of the recursive resolvers.
  public List<IpAddress> recursive() {
    return List.of(network.address(5), network.address(6));
  }

  /// Makes a zone on both authoritative servers and delegates it. Safe to repeat: the same zone has
  /// the same key.
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

  /// The PTR record, as the provider of the address would set it.
  public void setPtr(IpAddress address, DomainName name) {
    var reverse = address.reverseName();
    var zone = new DomainName(reverse.value().substring(reverse.value().indexOf('.') + 1));
    replace(
        at(zone, network.address(2)),
        reverse,
        DnsRecord.Type.PTR,
        List.of(new DnsRecord(reverse, DnsRecord.Type.PTR, name.value(), TTL)));
  }

  /// Makes an RRset of a delegated zone this, by hand, as the tenant would.
  public void put(DomainName zone, RecordName name, DnsRecord.Type type, String... values) {
    replace(
        at(zone, network.address(3)),
        name,
        type,
        List.of(values).stream().map(value -> new DnsRecord(name, type, value, TTL)).toList());
  }

  /// The RRset at the primary.
  public List<DnsRecord> read(DomainName zone, RecordName name, DnsRecord.Type type) {
    return at(zone, network.address(3)).read(name, type);
  }

  /// The zone's own key may not change it any more.
  public void refuseUpdates(DomainName zone) {
    order(primary, "locked", zone.value(), network.address(4).value());
  }

  /// Both servers answer SERVFAIL for the zone.
  public void servfail(DomainName zone) {
    order(primary, "servfail", zone.value());
    order(secondary, "servfail", zone.value());
  }

  /// Nobody is sent to the zone's servers any more.
  public void undelegate(DomainName zone) {
    setDelegation(zone, false);
  }

  /// The secondary hears of no change any more.
  public void staleSecondary(DomainName zone) {
    order(primary, "silent", zone.value(), keyOf(zone).keyName());
  }

  /// The first recursive resolver, which the certificate authority asks too, says that the name
  /// does not exist, whatever the zone has.
  public void hide(RecordName name) {
    unbound(
        "echo 'server: local-zone: \"%s.\" always_nxdomain' >> /etc/unbound/sandbox.conf"
            .formatted(name));
  }

  /// Ends [#hide].
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

  /// Lifts every fault of the zone.
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

  /// Stops all servers; zones and records stay.
  @Override
  public void close() {
    servers().parallelStream().forEach(Container::stop);
  }

  private ZoneKey keyOf(DomainName zone) {
    return new ZoneKey(
        network.address(3), zone.value(), "hmac-sha256", derived(instanceKey + " " + zone));
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
        .anyMatch(answer ->
            !(answer.answer() instanceof com.penguinmails.ports.dns.Resolver.Answer.Found))) {
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

  /// Keys follow from the instance's name, so that a second start has the same; a sandbox has
  /// nothing to protect.
  private static String derived(String from) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(from.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (var in = DnsWorld.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
