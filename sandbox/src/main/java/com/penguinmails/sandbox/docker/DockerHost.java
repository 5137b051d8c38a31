package com.penguinmails.sandbox.docker;

import com.penguinmails.workflows.model.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A bare VPS: Debian 12 with systemd, sshd, a root password, and little else. It keeps its disk
/// and address over stop and start, and makes its own host keys at first boot.
public final class DockerHost {
  private static final Duration BOOT_LIMIT = Duration.ofSeconds(60);
  // Docker binds three files into the container, and a rename over a bind mount fails (EBUSY).
  private static final String RELEASE_FILES =
      """
      [Unit]
      Description=Make the files Docker binds ordinary ones, as on a machine
      DefaultDependencies=no
      After=local-fs.target
      Before=sysinit.target ssh.service

      [Service]
      Type=oneshot
      ExecStart=/usr/local/sbin/release-files
      RemainAfterExit=yes

      [Install]
      WantedBy=sysinit.target
      """;
  private static final String RELEASE_FILES_SCRIPT =
      """
      #!/bin/sh
      # The first boot keeps what Docker wrote; later ones keep what is on the disk by then.
      set -eu
      for name in hosts hostname resolv.conf; do
        mountpoint -q "/etc/$name" || continue
        content=$(cat "/etc/$name")
        umount "/etc/$name"
        [ -s "/etc/$name" ] || printf '%s\\n' "$content" > "/etc/$name"
      done
      hostname -F /etc/hostname
      """;
  private static final String HOST_KEYS =
      """
      [Service]
      ExecStartPre=
      ExecStartPre=/usr/bin/ssh-keygen -A
      ExecStartPre=/usr/sbin/sshd -t
      """;
  private static final String LOGIN =
      """
      PermitRootLogin yes
      PasswordAuthentication yes
      """;

  private final Container container;
  private final SandboxNetwork network;
  private final IpAddress address;

  private DockerHost(Container container, SandboxNetwork network, IpAddress address) {
    this.container = container;
    this.network = network;
    this.address = address;
  }

  /// The image of a bare host.
  public static ImageRecipe image() {
    var files =
        new TreeMap<>(
            Map.of(
                "/etc/systemd/system/release-files.service", RELEASE_FILES,
                "/usr/local/sbin/release-files", RELEASE_FILES_SCRIPT,
                "/etc/systemd/system/ssh.service.d/host-keys.conf", HOST_KEYS,
                "/etc/ssh/sshd_config.d/50-rented.conf", LOGIN));
    return new ImageRecipe(
        "penguin-bare-host",
        List.of(),
        files,
        List.of(
            "chmod 0755 /usr/local/sbin/release-files && rm -f /etc/ssh/ssh_host_*"
                + " && systemctl enable release-files.service ssh.service"));
  }

  /// Rents a host: makes and boots it, or boots again the one of that name. Returns when sshd
  /// answers.
  ///
  /// @param rootPassword the one-time password; set only when root has none yet, so that a start
  ///   that was killed before it leaves no host that lets nobody in
  /// @param dns resolvers; empty: the engine's own
  public static DockerHost rent(
      DockerEngine engine,
      SandboxNetwork network,
      String name,
      IpAddress address,
      String rootPassword,
      List<IpAddress> dns) {
    var wish = new Container.Wish(name, engine.image(image()), address, List.of(), dns);
    var host = new DockerHost(Container.start(engine, network, wish), network, address);
    host.awaitBoot();
    if (host.isWithoutPassword()) {
      host.check(
          host.container.exec(
              List.of("chpasswd"), "root:" + rootPassword + "\n", Duration.ofSeconds(20)));
    }
    return host;
  }

  /// As the image leaves it (`*`, shadow(5)); a password that was locked later begins with `!`.
  private boolean isWithoutPassword() {
    return container.exec("grep", "-q", "^root:\\*:", "/etc/shadow").exitCode() == 0;
  }

  private void check(Container.Output output) {
    if (output.exitCode() != 0) {
      throw new IllegalStateException(container.name() + ": " + output.standardError());
    }
  }

  /// Waits until systemd has finished booting and sshd runs.
  ///
  /// @throws IllegalStateException not within a minute; with what systemd says
  public void awaitBoot() {
    var end = Instant.now().plus(BOOT_LIMIT);
    var last = new Container.Output(-1, "", "");
    while (Instant.now().isBefore(end)) {
      // `--wait` needs a bus, which a bare host may lack: asked again and again instead.
      last =
          container.exec(
              "timeout",
              "5",
              "sh",
              "-c",
              "until systemctl is-active -q ssh.service; do sleep 0.1; done");
      if (last.exitCode() == 0) {
        return;
      }
    }
    throw new IllegalStateException(
        "%s did not boot within %s: %s%s"
            .formatted(
                container.name(),
                BOOT_LIMIT,
                last.standardError(),
                container.exec("systemctl", "--failed", "--no-legend").standardOutput()));
  }

  /// The container below: exec, stop, start.
  public Container container() {
    return container;
  }

  /// The host's fixed address.
  public IpAddress address() {
    return address;
  }

  /// A reset button: no orderly shutdown. Returns when sshd answers again.
  public void reset() {
    container.restart();
    awaitBoot();
  }

  /// The same machine at another address, as after its provider changed it.
  public DockerHost movedTo(IpAddress other) {
    container.moveTo(network, other);
    return new DockerHost(container, network, other);
  }

  /// Pulls the network cable.
  public void disconnect() {
    container.disconnect(network);
  }

  /// Plugs it in again.
  public void reconnect() {
    container.connect(network, address);
  }
}
