package com.penguinmails.sandbox.host.machine;

import java.util.List;
import java.util.Map;

/// What a package of Debian 12 brings, as far as the stack knows it; of any other only its name
/// counts.
///
/// @param files content by path, put there where nothing is
/// @param accounts users of its programs
/// @param enabled units its installation enables, and starts unless `policy-rc.d` forbids it
record DebianPackage(Map<String, String> files, List<String> accounts, List<String> enabled) {
  private static final String DEFAULT = "# Configuration of the package.\n";
  private static final DebianPackage UNKNOWN = new DebianPackage(Map.of(), List.of(), List.of());

  private static final Map<String, DebianPackage> KNOWN =
      Map.ofEntries(
          Map.entry(
              "dovecot-core",
              new DebianPackage(
                  Map.of("/etc/dovecot/dovecot.conf", DEFAULT),
                  List.of("dovecot", "dovenull"),
                  List.of("dovecot.service"))),
          Map.entry(
              "fail2ban",
              new DebianPackage(
                  Map.of("/etc/fail2ban/jail.conf", DEFAULT),
                  List.of(),
                  List.of("fail2ban.service"))),
          Map.entry(
              "nginx-light",
              new DebianPackage(
                  Map.of("/etc/nginx/nginx.conf", DEFAULT), List.of(), List.of("nginx.service"))),
          Map.entry(
              "opendkim",
              new DebianPackage(
                  Map.of("/etc/opendkim.conf", DEFAULT),
                  List.of("opendkim"),
                  List.of("opendkim.service"))),
          Map.entry(
              "postfix",
              new DebianPackage(
                  Map.of("/etc/postfix/master.cf", DEFAULT),
                  List.of("postfix"),
                  List.of("postfix.service"))),
          Map.entry(
              "postfix-mta-sts-resolver",
              new DebianPackage(
                  Map.of("/etc/mta-sts-daemon.yml", DEFAULT),
                  List.of("_mta-sts"),
                  List.of("postfix-mta-sts-resolver.service"))),
          Map.entry(
              "systemd-timesyncd",
              new DebianPackage(
                  Map.of(), List.of("systemd-timesync"), List.of("systemd-timesyncd.service"))),
          Map.entry(
              "unattended-upgrades",
              new DebianPackage(
                  Map.of(
                      "/etc/apt/apt.conf.d/20auto-upgrades",
                      """
                      APT::Periodic::Update-Package-Lists "1";
                      APT::Periodic::Unattended-Upgrade "1";
                      """),
                  List.of(),
                  List.of("unattended-upgrades.service"))),
          Map.entry(
              "unbound",
              new DebianPackage(
                  Map.of("/etc/unbound/unbound.conf", DEFAULT),
                  List.of("unbound"),
                  List.of("unbound.service"))));

  static DebianPackage named(String name) {
    return KNOWN.getOrDefault(name, UNKNOWN);
  }
}
