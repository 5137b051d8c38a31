package com.penguinmails.activities.sweep;

import com.penguinmails.ports.vps.Vps;
import com.penguinmails.ports.vps.VpsPlan;
import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.ProviderServerId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An account in memory. A sweep reads it and gives names: whatever else it called would fail here.
final class Account implements VpsProvider {
  static final VpsPlan SMALL =
      new VpsPlan("101", "small", new VpsPlan.Size(1, 2048, 50), new Money(999, "USD"));

  private final Map<String, Vps> servers = new TreeMap<>();

  void put(String id, String name) {
    servers.put(
        id,
        new Vps(
            new ProviderServerId(id),
            name,
            Vps.State.ACTIVE,
            SMALL.size(),
            "1",
            Optional.of(new IpAddress("192.0.2." + id)),
            Instant.EPOCH));
  }

  void remove(String id) {
    servers.remove(id);
  }

  @Override
  public String name() {
    return "hostwinds";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, true, true, false, false, 1);
  }

  @Override
  public List<VpsPlan> plans() {
    return List.of(SMALL);
  }

  @Override
  public List<Vps> all() {
    return List.copyOf(servers.values());
  }

  @Override
  public Vps get(ProviderServerId server) {
    return Optional.ofNullable(servers.get(server.value()))
        .orElseThrow(() -> new Refused("there is no server " + server));
  }

  @Override
  public void rename(ProviderServerId server, String name) {
    var _ = get(server);
    put(server.value(), name);
  }

  @Override
  public List<Place> places() {
    throw never();
  }

  @Override
  public List<Image> images() {
    throw never();
  }

  @Override
  public List<Vps> findByLabel(OrderLabel label) {
    throw never();
  }

  @Override
  public void buy(Purchase purchase) {
    throw never();
  }

  @Override
  public RootPassword rootPassword(ProviderServerId server) {
    throw never();
  }

  @Override
  public void setReverseName(ProviderServerId server, IpAddress address, DomainName name) {
    throw never();
  }

  @Override
  public void changeMainAddress(ProviderServerId server) {
    throw never();
  }

  @Override
  public void power(ProviderServerId server, Power wanted) {
    throw never();
  }

  @Override
  public void reinstall(ProviderServerId server, String image) {
    throw never();
  }

  @Override
  public void orderUpgrade(ProviderServerId server, String plan) {
    throw never();
  }

  @Override
  public void terminate(ProviderServerId server) {
    throw never();
  }

  private static AssertionError never() {
    return new AssertionError("a sweep does not do this");
  }
}
