package com.penguinmails.templates;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A firm where tenants enter records by hand, recognised by the names of its name servers, and how
/// its forms want them. One file each: `zones/<host>.md`.
///
/// @param nameServers ends of their names; with `*` at the end, a label's beginning
/// @param hint what a person must know there
public record DnsHost(String name, List<String> nameServers, String hint) {
  private static final String HEAD = "# ";
  private static final String SERVERS = "Name servers: ";

  /// The most used ones, as the files are named.
  private static final List<DnsHost> KNOWN =
      List.of(
              "cloudflare",
              "gandi",
              "godaddy",
              "hetzner",
              "hostinger",
              "ionos",
              "namecheap",
              "ovh",
              "porkbun",
              "route53",
              "squarespace",
              "wix")
          .stream()
          .map(DnsHost::read)
          .toList();

  public DnsHost {
    nameServers = List.copyOf(nameServers);
  }

  /// All hosts that are known.
  public static List<DnsHost> known() {
    return KNOWN;
  }

  /// Whose name servers these are; empty for a host that is not known.
  ///
  /// @param servers lower case, without the final dot
  public static Optional<DnsHost> of(List<String> servers) {
    return KNOWN.stream().filter(host -> servers.stream().anyMatch(host::owns)).findFirst();
  }

  private boolean owns(String server) {
    return nameServers.stream()
        .anyMatch(end ->
            end.endsWith("*")
                ? server.contains("." + end.substring(0, end.length() - 1))
                : server.endsWith("." + end));
  }

  private static DnsHost read(String file) {
    var lines = text("/infra-templates/zones/" + file + ".md").lines().toList();
    if (lines.size() != 4
        || !lines.get(0).startsWith(HEAD)
        || !lines.get(1).startsWith(SERVERS)
        || !lines.get(2).isEmpty()) {
      throw new IllegalStateException("zones/" + file + ".md is not name, name servers and hint");
    }
    return new DnsHost(
        lines.get(0).substring(HEAD.length()),
        Arrays.asList(lines.get(1).substring(SERVERS.length()).split(", ", -1)),
        lines.get(3));
  }

  private static String text(String resource) {
    try (var in = DnsHost.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }
}
