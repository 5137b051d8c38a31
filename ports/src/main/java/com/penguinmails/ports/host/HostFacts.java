package com.penguinmails.ports.host;

import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What a host is before anything is changed on it. Judged elsewhere.
///
/// @param osId as in `/etc/os-release`, such as `debian`
/// @param memoryMib total memory in MiB
/// @param diskFreeMib free below `/` in MiB
/// @param virtualisation as `systemd-detect-virt` says; `none` on bare metal
/// @param epochMillis the host's clock when it was asked
/// @param listeners port and program on 25, 80, 443, 465, 587 and 993, such as `25 exim4`
/// @param mailPackages installed mail servers, ours or not
/// @param aptLockHolder command line of who holds apt's lock; empty: nobody
/// @param serverOfManifest server id we left here; empty: none
public record HostFacts(
    String osId,
    String osVersion,
    String architecture,
    int memoryMib,
    int diskFreeMib,
    String virtualisation,
    long epochMillis,
    List<String> listeners,
    List<String> mailPackages,
    String aptLockHolder,
    boolean tmpIsNoexec,
    String serverOfManifest) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  public HostFacts {
    listeners = List.copyOf(listeners);
    mailPackages = List.copyOf(mailPackages);
  }

  /// Asks a host. Changes nothing there.
  ///
  /// @param script `host/preflight`
  public static HostFacts ask(RemoteHost host, String script) {
    var output =
        host.run(
            List.of("bash", "-s"), script.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(60));
    try {
      return JSON.readValue(output.standardOutput(), HostFacts.class);
    } catch (JacksonException e) {
      throw new Unavailable(
          "the host's facts cannot be read; exit code %d: %s"
              .formatted(output.exitCode(), output.standardError()),
          e);
    }
  }

  /// How far the host's clock is ahead of `now`; negative: behind.
  public Duration clockAhead(Instant now) {
    return Duration.between(now, Instant.ofEpochMilli(epochMillis));
  }
}
