package com.penguinmails.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.process.PinnedTool;
import com.penguinmails.sandbox.script.BuiltCheckout;
import com.penguinmails.sandbox.script.OrdinaryUser;
import com.penguinmails.sandbox.script.SearchPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `./penguin demo` by a user without privileges, on a machine with a JDK and no container engine:
/// it buys, builds and proves. Killed (SIGKILL) while it builds what it has just bought, it goes on
/// with the same set-up at the next start, and pays for nothing again.
@Timeout(400)
class OrdinaryUserDemoIT {
  private static final String FIRST_STEP_ON_THE_HOST = "server/010-identity";

  @TempDir private Path directory;

  private OrdinaryUser user;
  private Path theirs;
  private BuiltCheckout checkout;
  private Map<String, String> environment;

  @BeforeEach
  void giveThemACheckoutAndNoEngine() throws Exception {
    user = OrdinaryUser.find();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    theirs = Files.createDirectory(directory.resolve("theirs"));
    checkout = BuiltCheckout.ofTheDemoIn(theirs.resolve("checkout"));
    environment = environment();
    copyTool(PinnedTool.TEMPORAL, "temporal");
    copyTool(PinnedTool.PEBBLE, "pebble", "pebble-challtestsrv");
    user.own(theirs);
    user.mustBeAbleToRun(Path.of(System.getProperty("java.home"), "bin", "java"));
    user.mustBeAbleToRun(Path.of(checkout.penguin()));
  }

  @AfterEach
  void leaveNothingRunning() {
    DemoProcess.processesOf(theirs).forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void provesAMailboxAndPaysOnceThoughItIsKilledWhenTheServerIsBought() throws Exception {
    var killed = start("killed");
    // Work on a host that dies with its worker is missed within half a minute.
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> killed.isOver() || killed.hasDone(FIRST_STEP_ON_THE_HOST));
    assertThat(killed.isOver()).as(killed.complaints()).isFalse();
    killed.killGroup();
    assertThat(DemoProcess.invoices(demo())).as("bought before the kill").isEqualTo(1);

    var again = start("again");
    int code = again.exitCode();

    assertThat(code).as(again.complaints()).isZero();
    again.assertProved(killed.first("snapshot").path("id").asText());
    assertThat(DemoProcess.invoices(demo())).as("the bill").isEqualTo(1);
    assertThat(DemoProcess.leftOf(theirs)).isEmpty();
    assertThat(ownersOf(theirs)).containsOnly(user.uid());
  }

  private DemoProcess start(String name) throws IOException {
    // Leader of a process group, as a shell makes each of its jobs.
    var command = new ArrayList<>(List.of("setsid"));
    command.addAll(
        user.command(List.of(checkout.penguin(), "demo", "--once", "--json", "--dir=" + demo())));
    var demo = new ProcessBuilder(command).directory(theirs.toFile());
    demo.environment().clear();
    demo.environment().putAll(environment);
    return DemoProcess.start(demo, directory.resolve(name));
  }

  private Map<String, String> environment() throws IOException {
    var home = Files.createDirectory(theirs.resolve("home"));
    var environment = new TreeMap<String, String>();
    environment.put("HOME", home.toString());
    environment.put("XDG_CACHE_HOME", cache().toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("PENGUIN_JAVA_HOME", System.getProperty("java.home"));
    environment.put("DOCKER_HOST", "unix://" + home.resolve("no-engine.sock"));
    environment.put(
        "PATH",
        SearchPath.in(Files.createDirectory(directory.resolve("bin")), Map.of("docker", "")));
    return environment;
  }

  private void copyTool(PinnedTool tool, String... executables) throws IOException {
    var place = cache().resolve("penguin/tools").resolve(tool.toString()).resolve(tool.version());
    Files.createDirectories(place);
    for (var name : executables) {
      Files.copy(tool.executable(name), place.resolve(name));
    }
  }

  private static List<Integer> ownersOf(Path tree) throws IOException {
    var owners = new ArrayList<Integer>();
    try (var files = Files.walk(tree)) {
      for (var file : files.toList()) {
        owners.add(OrdinaryUser.ownerOf(file));
      }
    }
    return owners;
  }

  private Path cache() {
    return theirs.resolve("cache");
  }

  private Path demo() {
    return theirs.resolve("demo");
  }
}
