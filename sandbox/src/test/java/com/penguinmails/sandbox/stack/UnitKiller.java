package com.penguinmails.sandbox.stack;

import com.penguinmails.sandbox.docker.Container;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Kills a unit of ours in the middle of its run: every process of it at once and without a word,
/// as the kernel does when memory is short. It waits on the host itself, because a step may be over
/// before a session hears that it has begun.
record UnitKiller(Container host) {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String SCRIPT =
      """
      main() { systemctl show -P MainPID "$1" | sort -n | tail -n 1; }
      until [[ $(main "$1") -gt 0 ]]; do sleep 0.01; done
      eval "$2"
      ps -eo unit:80=,args= | awk -v unit="${1%'*'}" 'index($1, unit) == 1 { $1 = ""; print }' |
        tail -n 1 | cut -c 2-120
      systemctl kill --signal=KILL "$1" 2>/dev/null || true # over already
      """;

  /// Kills it this long after it has begun. The answer, once it is done, is what ran last in it.
  ///
  /// @param unit its name, or the beginning of it and `*`
  CompletableFuture<String> killAfter(String unit, Duration delay) {
    return kill(unit, "sleep %d.%03d".formatted(delay.toSeconds(), delay.toMillisPart()));
  }

  /// Kills it as soon as a command says so.
  CompletableFuture<String> killOnce(String unit, String isTrue) {
    return kill(unit, "until %s; do sleep 0.01; done".formatted(isTrue));
  }

  private CompletableFuture<String> kill(String unit, String wait) {
    return CompletableFuture.supplyAsync(() -> {
      var output = host.exec(List.of("bash", "-c", SCRIPT, "bash", unit, wait), "", LIMIT);
      if (output.exitCode() != 0) {
        throw new IllegalStateException("killing " + unit + ": " + output.standardError());
      }
      return output.standardOutput().strip();
    });
  }
}
