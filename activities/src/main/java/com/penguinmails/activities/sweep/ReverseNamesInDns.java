package com.penguinmails.activities.sweep;

import com.penguinmails.ports.dns.ResolverLookup;
import com.penguinmails.ports.dns.ResolverLookup.Known;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.IpAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Asks the recursive resolvers, as receivers of mail do, several addresses at once. What is not
/// answered in time is left to the next sweep.
public final class ReverseNamesInDns implements ReverseNames {
  private static final int AT_ONCE = 16;

  private final ResolverLookup lookup;
  private final Duration limit;

  /// @param limit for all addresses together
  public ReverseNamesInDns(ResolverLookup lookup, Duration limit) {
    this.lookup = lookup;
    this.limit = limit;
  }

  @Override
  public Map<IpAddress, List<String>> of(Collection<IpAddress> addresses) {
    var names = new ConcurrentHashMap<IpAddress, List<String>>();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      var _ =
          threads.invokeAll(
              addresses.stream()
                  .distinct()
                  .map(address -> Executors.callable(() -> ask(address, names)))
                  .toList(),
              limit.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return Map.copyOf(names);
  }

  private void ask(IpAddress address, Map<IpAddress, List<String>> names) {
    switch (lookup.ask(address.reverseName(), DnsRecord.Type.PTR)) {
      case Known.Found found -> names.put(address, found.values());
      case Known.Absent _ -> names.put(address, List.of());
      case Known.Unknown _ -> {} // neither right nor wrong
    }
  }
}
