package com.penguinmails.sandbox.host.machine;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// What a machine knows until it is switched off.
public final class Memory {
  private static final String RULES = "/etc/penguin/firewall.nft";
  private static final String PORTS = "/etc/penguin/firewall-ports.nft";
  private static final Map<String, String> KERNEL_DEFAULTS =
      Map.of(
          "vm.swappiness", "60",
          "net.ipv4.tcp_syncookies", "1",
          "kernel.dmesg_restrict", "1",
          "fs.inotify.max_user_instances", "128");

  private final String bootId = UUID.randomUUID().toString();
  private final Map<String, String> kernel = new TreeMap<>(KERNEL_DEFAULTS);
  private final Map<String, Instant> timers = new HashMap<>();
  private String hostname = "";
  private String firewall = "";
  private boolean isSwapOn;
  private boolean isClockSynchronised;
  private SshdSettings sshd = new SshdSettings(Map.of(), List.of());

  public String bootId() {
    return bootId;
  }

  public String hostname() {
    return hostname;
  }

  public void hostname(String name) {
    this.hostname = name;
  }

  /// Kernel settings in force.
  public Map<String, String> kernel() {
    return kernel;
  }

  /// When each timer is due.
  public Map<String, Instant> timers() {
    return timers;
  }

  public boolean isSwapOn() {
    return isSwapOn;
  }

  public void swap(boolean isOn) {
    this.isSwapOn = isOn;
  }

  public boolean isClockSynchronised() {
    return isClockSynchronised;
  }

  void clockSynchronised() {
    this.isClockSynchronised = true;
  }

  /// Settings the running sshd has.
  public SshdSettings sshd() {
    return sshd;
  }

  void sshd(SshdSettings settings) {
    this.sshd = settings;
  }

  void loadFirewall(Disk disk) {
    this.firewall = rulesOf(disk);
  }

  /// The table goes.
  public void forgetFirewall() {
    this.firewall = "";
  }

  public boolean isFirewallLoaded() {
    return !firewall.isEmpty();
  }

  public boolean isFirewallAsInFile(Disk disk) {
    return firewall.equals(rulesOf(disk));
  }

  /// As somebody leaves it who changes the loaded rules by hand.
  public void spoilFirewall() {
    this.firewall += "accept\n";
  }

  private static String rulesOf(Disk disk) {
    return disk.textOrEmpty(PORTS) + disk.textOrEmpty(RULES);
  }
}
