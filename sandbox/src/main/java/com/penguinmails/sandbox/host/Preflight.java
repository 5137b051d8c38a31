package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.machine.Listener;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.step.Manifest;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// What the script `preflight` says of a host.
final class Preflight {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<Integer> PORTS = Set.of(25, 80, 443, 465, 587, 993);
  private static final Pattern MAIL =
      Pattern.compile(
          "exim4-daemon.*|postfix|sendmail-bin|courier-m.*|qmail|opensmtpd|dovecot-core|citadel-server|cyrus-imapd");

  private Preflight() {}

  /// @param isRoot only root is told the programs that listen
  static String of(Machine machine, boolean isRoot) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("osId", release(machine, "ID"));
    facts.put("osVersion", release(machine, "VERSION_ID"));
    facts.put("architecture", "x86_64");
    facts.put("memoryMib", machine.hardware().memoryMib());
    facts.put("diskFreeMib", machine.conditions().diskFreeMib());
    facts.put("virtualisation", machine.hardware().virtualisation());
    facts.put("epochMillis", machine.clock().toEpochMilli());
    facts.put(
        "listeners",
        machine.listeners().stream()
            .filter(listener -> PORTS.contains(listener.port()))
            .map(listener -> said(listener, isRoot))
            .distinct()
            .sorted()
            .toList());
    facts.put(
        "mailPackages",
        machine.packages().installed().stream()
            .filter(name -> MAIL.matcher(name).matches() && machine.packages().isInstalled(name))
            .toList());
    facts.put("aptLockHolder", machine.conditions().aptLockHolder());
    facts.put("tmpIsNoexec", false);
    facts.put("serverOfManifest", Manifest.read(machine.disk()).server());
    return JSON.writeValueAsString(facts) + "\n";
  }

  private static String said(Listener listener, boolean isRoot) {
    return listener.port() + " " + (isRoot ? listener.program() : "unknown");
  }

  private static String release(Machine machine, String name) {
    return machine
        .disk()
        .textOrEmpty("/etc/os-release")
        .lines()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1).replace("\"", ""))
        .findFirst()
        .orElse("");
  }
}
