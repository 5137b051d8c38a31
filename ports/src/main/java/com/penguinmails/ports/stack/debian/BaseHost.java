package com.penguinmails.ports.stack.debian;

import static java.util.stream.Collectors.joining;

import com.penguinmails.ports.stack.StackDriver.PlannedFile;
import com.penguinmails.ports.stack.StackDriver.PlannedStep;
import com.penguinmails.ports.stack.StackDriver.Source;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What every host is before mail comes into it.
final class BaseHost {
  /// One transaction for all of them: apt's start, its triggers and its locks cost more than most
  /// of the packages.
  private static final String PACKAGES =
      String.join(
          " ",
          "ca-certificates",
          "curl",
          "dns-root-data",
          "dovecot-core",
          "dovecot-imapd",
          "dovecot-lmtpd",
          "fail2ban",
          "needrestart",
          "nftables",
          "nginx-light",
          "opendkim",
          "openssl",
          "postfix",
          "postfix-mta-sts-resolver",
          "psmisc",
          "python3-systemd",
          "unattended-upgrades",
          "unbound");

  /// Services that must not run with the configuration of their package.
  private static final List<String> HELD_UNITS =
      Stream.of(
              "postfix",
              "dovecot",
              "opendkim",
              "nginx",
              "unbound",
              "fail2ban",
              "postfix-mta-sts-resolver")
          .map(name -> name + ".service")
          .toList();

  // apt-daily takes minutes on a small host. A step that gives up and is tried again tells the
  // tenant
  // what it waits for; one that waits in silence does not.
  private static final String LOCK_SECONDS = "30";
  private static final String SWAP_MIB = "1024";
  private static final String JAILS = "sshd postfix dovecot recidive";

  private BaseHost() {}

  static List<PlannedStep> steps(DesiredHost desired) {
    var settings = desired.settings();
    return List.of(
        step(
            "010-identity",
            Map.of("FQDN", desired.hostname().value(), "ADDRESS", desired.address().value())),
        packages(),
        step("030-time", Map.of("LOCK_SECONDS", LOCK_SECONDS)),
        step("040-swap", Map.of("SWAP_MIB", SWAP_MIB)),
        step("050-kernel", Map.of(), plain("/etc/sysctl.d/60-penguin.conf")),
        step("060-journal", Map.of(), plain("/etc/systemd/journald.conf.d/penguin.conf")),
        caRoots(settings),
        step(
            "080-resolver",
            Map.of(),
            Files.ofHost(
                "/etc/unbound/unbound.conf.d/penguin.conf",
                "0644",
                Map.of("exceptions", exceptions(settings))),
            plain("/etc/dhcp/dhclient-enter-hooks.d/penguin")),
        step(
            "090-sshd",
            Map.of(),
            Files.ofHost("/usr/local/sbin/penguin-revert", "0755", Map.of()),
            plain("/etc/systemd/system/penguin-revert@.service"),
            plain("/etc/systemd/system/penguin-revert@.timer"),
            plain("/etc/ssh/sshd_config.d/10-penguin.conf")),
        step(
            "100-firewall",
            Map.of(),
            plain("/etc/systemd/system/penguin-firewall.service"),
            Files.ofHost(
                "/etc/penguin/firewall.nft",
                "0644",
                Map.of("trusted_rules", trustedRules(settings)))),
        step(
            "110-bans",
            Map.of("JAILS", JAILS),
            plain("/etc/fail2ban/fail2ban.d/penguin.local"),
            Files.ofHost(
                "/etc/fail2ban/jail.d/penguin.local",
                "0644",
                Map.of("trusted", String.join(" ", settings.trustedNetworks())))),
        step(
            "120-updates",
            Map.of(),
            plain("/etc/apt/apt.conf.d/52penguin-upgrades"),
            plain("/etc/needrestart/conf.d/penguin.conf")));
  }

  private static PlannedStep step(String name, Map<String, String> inputs, PlannedFile... files) {
    return new PlannedStep("steps/" + name + ".sh", inputs, List.of(files));
  }

  private static PlannedFile plain(String target) {
    return Files.ofHost(target, "0644", Map.of());
  }

  private static PlannedStep packages() {
    return step(
        "020-packages",
        Map.of(
            "PACKAGES",
            PACKAGES,
            "HELD_UNITS",
            String.join(" ", HELD_UNITS),
            "REMOVABLE",
            "",
            "LOCK_SECONDS",
            LOCK_SECONDS),
        HELD_UNITS.stream().map(BaseHost::hold).toArray(PlannedFile[]::new));
  }

  private static PlannedFile hold(String unit) {
    return Files.template(
        "steps/files/etc/systemd/system/penguin-hold.conf",
        "/etc/systemd/system/" + unit + ".d/penguin-hold.conf",
        "root:root",
        "0644",
        Map.of());
  }

  private static PlannedStep caRoots(HostSettings settings) {
    var files = new ArrayList<PlannedFile>();
    for (var root : settings.caRoots()) {
      files.add(
          new PlannedFile(
              "/usr/local/share/ca-certificates/penguin-" + (files.size() + 1) + ".crt",
              new Source.Text(root.strip() + "\n"),
              "root:root",
              "0644"));
    }
    return new PlannedStep(
        "steps/070-ca-roots.sh", Map.of("COUNT", Integer.toString(files.size())), files);
  }

  /// What unbound does otherwise on a test host. RFC 6303 and RFC 6761 make unbound answer private
  /// and test names by itself, so those are opened where it forwards.
  private static String exceptions(HostSettings settings) {
    var lines = new ArrayList<String>();
    if (!settings.forwardTo().isEmpty()) {
      lines.add("    unblock-lan-zones: yes");
      lines.add("    insecure-lan-zones: yes");
    }
    for (var zone : settings.insecureZones()) {
      lines.add("    domain-insecure: \"" + zone + ".\"");
      lines.add("    local-zone: \"" + zone + ".\" nodefault");
    }
    if (!settings.forwardTo().isEmpty()) {
      lines.add("forward-zone:");
      lines.add("    name: \".\"");
      for (var resolver : settings.forwardTo()) {
        lines.add("    forward-addr: " + resolver);
      }
    }
    return lines.isEmpty() ? "    # It asks the root servers itself." : String.join("\n", lines);
  }

  private static String trustedRules(HostSettings settings) {
    if (settings.trustedNetworks().isEmpty()) {
      return "    # No trusted networks.";
    }
    return settings.trustedNetworks().stream()
        .map(network ->
            "    %s saddr %s tcp dport $ssh_ports accept".formatted(family(network), network))
        .collect(joining("\n"));
  }

  /// @throws IllegalArgumentException not an address, or not one with a prefix length
  private static String family(String network) {
    int slash = network.indexOf('/');
    return new IpAddress(slash < 0 ? network : network.substring(0, slash)).isV4() ? "ip" : "ip6";
  }
}
