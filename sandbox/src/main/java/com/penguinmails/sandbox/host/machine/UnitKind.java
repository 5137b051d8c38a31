package com.penguinmails.sandbox.host.machine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A service of Debian's packages, as far as the stack knows it.
///
/// @param fromPackage brings its unit file
/// @param reads files whose content it keeps until it is reloaded
/// @param needs files without which it does not start
record UnitKind(
    String name,
    String fromPackage,
    String program,
    List<Port> ports,
    List<String> reads,
    List<String> needs) {
  private static final String KEY = "/etc/ssl/penguin/mail.key";
  private static final String CHAIN = "/etc/ssl/penguin/mail.fullchain.pem";
  private static final String SITE = "/etc/nginx/sites-enabled/penguin.conf";
  private static final String MAIN = "/etc/postfix/main.cf";
  private static final String MASTER = "/etc/postfix/master.cf";
  private static final String DOVECOT = "/etc/dovecot/dovecot.conf";
  private static final String JAILS = "/etc/fail2ban/jail.d/penguin.local";
  private static final List<String> KEY_TABLES =
      List.of("/etc/opendkim.conf", "/etc/opendkim/KeyTable", "/etc/opendkim/SigningTable");

  private static final Map<String, UnitKind> KNOWN =
      Stream.of(
              plain("ssh.service", "openssh-server", "sshd", open(22)),
              plain("systemd-journald.service", "systemd", "systemd-journal"),
              plain("apt-daily.timer", "apt", ""),
              plain("apt-daily-upgrade.timer", "apt", ""),
              plain("systemd-timesyncd.service", "systemd-timesyncd", "systemd-timesyn"),
              plain("unattended-upgrades.service", "unattended-upgrades", "unattended-upgr"),
              plain("unbound.service", "unbound", "unbound", local(53)),
              plain(
                  "postfix-mta-sts-resolver.service",
                  "postfix-mta-sts-resolver",
                  "mta-sts-daemon",
                  local(8461)),
              new UnitKind(
                  "fail2ban.service",
                  "fail2ban",
                  "fail2ban-server",
                  List.of(),
                  List.of(JAILS),
                  List.of()),
              new UnitKind(
                  "opendkim.service",
                  "opendkim",
                  "opendkim",
                  List.of(local(8891)),
                  KEY_TABLES,
                  KEY_TABLES),
              new UnitKind(
                  "dovecot.service",
                  "dovecot-core",
                  "dovecot",
                  List.of(open(993)),
                  List.of(DOVECOT, KEY, CHAIN),
                  List.of(DOVECOT, KEY, CHAIN)),
              plain("postfix.service", "postfix", ""),
              new UnitKind(
                  "postfix@-.service",
                  "postfix",
                  "master",
                  List.of(open(25), new Port(465, false, MASTER), new Port(587, false, MASTER)),
                  List.of(MAIN, MASTER, KEY, CHAIN),
                  List.of(MAIN, MASTER)),
              new UnitKind(
                  "nginx.service",
                  "nginx-light",
                  "nginx",
                  List.of(open(80), new Port(443, false, SITE)),
                  List.of(SITE, KEY, CHAIN),
                  List.of()))
          .collect(Collectors.toMap(UnitKind::name, unit -> unit));

  /// @param onlyWith file it must have read to listen there; empty: it always does
  record Port(int number, boolean isLocal, String onlyWith) {}

  private static UnitKind plain(String name, String fromPackage, String program, Port... ports) {
    return new UnitKind(name, fromPackage, program, List.of(ports), List.of(), List.of());
  }

  private static Port open(int number) {
    return new Port(number, false, "");
  }

  private static Port local(int number) {
    return new Port(number, true, "");
  }

  static Optional<UnitKind> find(String name) {
    return Optional.ofNullable(KNOWN.get(name));
  }
}
