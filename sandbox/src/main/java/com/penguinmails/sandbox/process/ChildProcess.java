package com.penguinmails.sandbox.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A process of another program that lives no longer than this JVM. Stopped at the JVM's exit; when
/// the JVM is killed, the kernel stops it (`setpriv --pdeathsig`, util-linux); where `setpriv` is
/// missing, the next start under the same pid file does.
public final class ChildProcess implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Set<ChildProcess> ALIVE = ConcurrentHashMap.newKeySet();

  // The death signal comes when the *thread* that forked ends (prctl(2), PR_SET_PDEATHSIG), so all
  // children are forked by one thread that lives as long as the JVM.
  private static final ExecutorService FORKING =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("child-process-fork").factory());

  private static final Thread STOPPING =
      Thread.ofPlatform()
          .name("child-process-stop")
          .unstarted(() -> List.copyOf(ALIVE).forEach(ChildProcess::close));

  static {
    Runtime.getRuntime().addShutdownHook(STOPPING);
  }

  private final Launch launch;
  private final Process process;

  private ChildProcess(Launch launch, Process process) {
    this.launch = launch;
    this.process = process;
  }

  /// How to start it.
  ///
  /// @param name what it is called in messages and file names
  /// @param command executable and arguments; never a secret, other users see them
  /// @param environment added to this JVM's own
  /// @param directory where `<name>.log` (appended to) and `<name>.pid` are kept; also the working
  ///   directory. One running child per name and directory
  public record Launch(
      String name, List<String> command, Map<String, String> environment, Path directory) {
    public Launch {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }

    public Launch(String name, List<String> command, Path directory) {
      this(name, command, Map.of(), directory);
    }

    /// Output and errors of all its runs.
    public Path log() {
      return directory.resolve(name + ".log");
    }

    private Path pidFile() {
      return directory.resolve(name + ".pid");
    }
  }

  /// From now on the owner closes its children at the JVM's exit, in the order it needs.
  public static void leaveStoppingToTheOwner() {
    Runtime.getRuntime().removeShutdownHook(STOPPING);
  }

  /// Starts it, after ending one that an earlier JVM left behind under the same pid file.
  public static ChildProcess start(Launch launch) {
    try {
      Files.createDirectories(launch.directory());
      endLeftBehind(launch);
      var builder = new ProcessBuilder(bound(launch.command()));
      builder.directory(launch.directory().toFile());
      builder.environment().putAll(launch.environment());
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      var child = new ChildProcess(launch, fork(builder));
      Files.writeString(launch.pidFile(), child.identity());
      ALIVE.add(child);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + launch.name(), e);
    }
  }

  /// Whether it runs.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// Its process id.
  public long pid() {
    return process.pid();
  }

  /// Where its output goes.
  public Path log() {
    return launch.log();
  }

  /// The last lines it wrote, for messages about why it did not come up.
  public String lastWords(int lines) {
    try {
      var all = Files.readAllLines(launch.log(), StandardCharsets.UTF_8);
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return "(no log at " + launch.log() + ": " + e.getMessage() + ")";
    }
  }

  /// Takes it down without warning, as a power cut would, and returns when it is gone.
  public void kill() {
    process.destroyForcibly();
    awaitEnd(GRACE);
    forget();
  }

  /// Asks it to stop, and after ten seconds no longer asks. Twice is once.
  @Override
  public void close() {
    process.destroy();
    if (!awaitEnd(GRACE)) {
      process.destroyForcibly();
      awaitEnd(GRACE);
    }
    forget();
  }

  private void forget() {
    if (ALIVE.remove(this)) {
      try {
        Files.deleteIfExists(launch.pidFile());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private boolean awaitEnd(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// The pid alone may have been given to another process since; pid and start time are not.
  private String identity() {
    return process.pid() + " " + startOf(process.toHandle());
  }

  private static String startOf(ProcessHandle handle) {
    return handle.info().startInstant().map(Object::toString).orElse("unknown");
  }

  private static void endLeftBehind(Launch launch) throws IOException {
    String written;
    try {
      written = Files.readString(launch.pidFile()).strip();
    } catch (NoSuchFileException e) {
      return;
    }
    var blank = written.indexOf(' ');
    if (blank > 0) {
      var started = written.substring(blank + 1);
      ProcessHandle.of(Long.parseLong(written, 0, blank, 10))
          .filter(handle -> startOf(handle).equals(started))
          .ifPresent(ChildProcess::end);
    }
    Files.delete(launch.pidFile());
  }

  private static void end(ProcessHandle handle) {
    handle.destroy();
    try {
      var _ = handle.onExit().get(GRACE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      handle.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> bound(List<String> command) {
    return setpriv()
        .map(setpriv -> {
          // A session of its own: Ctrl-C at the terminal is for us, who stop things in order.
          var bound =
              new ArrayList<>(
                  List.of(setpriv.toString(), "--pdeathsig", "TERM", "--", "/usr/bin/setsid"));
          bound.addAll(command);
          return List.copyOf(bound);
        })
        .orElse(command);
  }

  private static Optional<Path> setpriv() {
    return Optional.of(Path.of("/usr/bin/setpriv")).filter(Files::isExecutable);
  }

  private static Process fork(ProcessBuilder builder) throws IOException {
    try {
      return CompletableFuture.supplyAsync(
              () -> {
                try {
                  return builder.start();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              FORKING)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException io) {
        throw new IOException(io.getMessage(), io);
      }
      throw e;
    }
  }
}
