package com.penguinmails.sandbox.host.machine;

import com.penguinmails.ports.host.SshKeyPair;
import com.penguinmails.sandbox.host.machine.Node.Kind;
import com.penguinmails.workflows.model.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A machine as it is handed over: Debian 12 with systemd, sshd, a root password, and little else.
/// What the Docker hosts of the sandbox start from, in the same words.
public final class FreshMachine {
  private static final List<String> PACKAGES =
      List.of(
          "apt",
          "base-files",
          "bash",
          "ca-certificates",
          "coreutils",
          "dpkg",
          "iproute2",
          "openssh-server",
          "openssl",
          "procps",
          "sudo",
          "systemd",
          "systemd-sysv");
  private static final List<String> UNITS =
      List.of("apt-daily-upgrade.timer", "apt-daily.timer", "ssh.service");

  private static final List<String> DIRECTORIES =
      List.of(
          "/etc/apt/apt.conf.d",
          "/etc/apt/sources.list.d",
          "/etc/sudoers.d",
          "/etc/sysctl.d",
          "/etc/systemd/system",
          "/home",
          "/root",
          "/tmp",
          "/usr/local/lib",
          "/usr/local/sbin",
          "/usr/local/share/ca-certificates",
          "/usr/sbin",
          "/var/lib",
          "/var/log/journal",
          "/var/spool");

  private FreshMachine() {}

  public static Snapshot make(
      String name, IpAddress address, Hardware hardware, String rootPassword) {
    return new Snapshot(
        name,
        address,
        hardware,
        true,
        Conditions.good(hardware),
        Map.of(
            "root", Account.withPassword("/root", rootPassword, Account.Sudo.FREE),
            "www-data", Account.ofProgram("/var/www")),
        PACKAGES.stream().collect(Collectors.toMap(p -> p, _ -> true)),
        UNITS,
        Map.of(),
        disk(name, address));
  }

  private static Map<String, Node> disk(String name, IpAddress address) {
    var disk = new Disk(new TreeMap<>());
    for (var directory : DIRECTORIES) {
      disk.makeDirectory(directory, "root:root", "0755");
    }
    var key = SshKeyPair.generate("root@" + name.replaceAll("[^A-Za-z0-9._-]", "-"));
    disk.put(
        "/etc/ssh/ssh_host_ed25519_key",
        new Node(Kind.FILE, key.privateKeyPem(), "root:root", "0600"));
    disk.write("/etc/ssh/ssh_host_ed25519_key.pub", key.publicKeyLine() + "\n");
    disk.write(
        "/etc/ssh/sshd_config",
        """
        Include /etc/ssh/sshd_config.d/*.conf
        KbdInteractiveAuthentication no
        UsePAM yes
        X11Forwarding yes
        """);
    disk.write(
        "/etc/ssh/sshd_config.d/50-rented.conf",
        """
        PermitRootLogin yes
        PasswordAuthentication yes
        """);
    disk.write("/etc/hostname", name + "\n");
    disk.write("/etc/hosts", "127.0.0.1 localhost\n%s %s\n".formatted(address, name));
    disk.write("/etc/resolv.conf", "nameserver 192.0.2.1\n");
    disk.writeLink("/etc/localtime", "/usr/share/zoneinfo/Etc/UTC");
    disk.write("/etc/timezone", "Etc/UTC\n");
    disk.write("/etc/fstab", "");
    disk.write("/etc/ssl/certs/ca-certificates.crt", "");
    disk.write(
        "/etc/os-release",
        """
        PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
        ID=debian
        VERSION_ID="12"
        """);
    disk.write(
        "/etc/apt/sources.list",
        """
        deb http://deb.debian.org/debian bookworm main
        deb http://deb.debian.org/debian bookworm-updates main
        """);
    return disk.nodes();
  }
}
