package com.penguinmails.sandbox.world;

import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.util.Map;

/// The tenant of a sandbox: has an API key, a domain whose zone takes updates, and a bare host.
public final class DemoTenant {
  private final SandboxWorld world;
  private final String apiKey;

  private DemoTenant(SandboxWorld world, String apiKey) {
    this.world = world;
    this.apiKey = apiKey;
  }

  /// The tenant of this world, made at the first time.
  public static DemoTenant of(SandboxWorld world) {
    var key = world.remember("tenant.key", () -> create(world, "Acme Outreach"));
    return new DemoTenant(world, key);
  }

  /// A further tenant, forgotten with this process.
  public static DemoTenant another(SandboxWorld world, String name) {
    return new DemoTenant(world, create(world, name));
  }

  /// @return the tenant's API key
  private static String create(SandboxWorld world, String name) {
    var tenants = new TenantStore(new Tenancy(world.appDataSource()));
    return tenants.createApiKey(tenants.create(name).id(), "demo").key();
  }

  /// Their program.
  public TenantClient client() {
    return new TenantClient(world.apiUrl(), apiKey);
  }

  /// Rents a host and registers the domain, and answers the request that orders a set-up on them.
  ///
  /// @param number of the host, from 0
  public Map<String, Object> request(DomainName domain, int number) {
    var host = world.host(number, domain.child("mail"));
    return onOwnServer(domain, host.address(), world.hostPassword());
  }

  /// Registers the domain, and answers the request that orders a set-up on a host of theirs.
  public Map<String, Object> onOwnServer(
      DomainName domain, IpAddress address, String rootPassword) {
    return request(
        domain, Map.of("address", address.value(), "user", "root", "password", rootPassword));
  }

  /// Registers the domain, and answers the request that orders a set-up on a server to be bought.
  public Map<String, Object> purchase(DomainName domain) {
    return purchase(domain, "12.00");
  }

  /// As [#purchase(DomainName)], for at most so much a month, in US dollars.
  public Map<String, Object> purchase(DomainName domain, String monthlyBudget) {
    return request(
        domain,
        Map.of(
            "provider", "hostwinds", "plan", "101", "place", "1", "monthlyBudget", monthlyBudget));
  }

  private Map<String, Object> request(DomainName domain, Map<String, String> server) {
    var zone = world.dns().delegate(domain);
    return Map.of(
        "domain", domain.value(),
        "server", server,
        "dns",
            Map.of(
                "provider", "rfc2136",
                "server", zone.server().value(),
                "keyName", zone.keyName(),
                "algorithm", zone.algorithm(),
                "secret", zone.secret()),
        "mailbox", Map.of("localPart", "hello"));
  }
}
