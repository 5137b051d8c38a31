package com.penguinmails.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `./penguin` and `.ci/run` say when there is no Docker engine for them: each case has a
/// remedy of its own. The docker command and the user are played by scripts.
class DockerAdviceTest {
  private static final String DENIED =
      "echo 'permission denied while trying to connect to the Docker daemon socket' >&2; exit 1";
  private static final String AWAY =
      "echo 'Cannot connect to the Docker daemon. Is the docker daemon running?' >&2; exit 1";

  @TempDir private Path commands;

  @BeforeEach
  void isEveInNoGroup() throws IOException {
    userIs("users", "users");
  }

  @Test
  void saysNothingOfGroupsWhenNoEngineAnswers() throws Exception {
    command("docker", AWAY);

    assertThat(said()).startsWith("away").contains("systemctl start docker").doesNotContain("eve");
  }

  @Test
  void sendsAUserWithoutTheRightIntoTheGroup() throws Exception {
    command("docker", DENIED);

    assertThat(said()).startsWith("denied").contains("usermod -aG docker eve", "log in again");
  }

  @Test
  void asksOnlyForANewLoginWhenTheGroupIsNewerThanThisOne() throws Exception {
    command("docker", DENIED);
    userIs("users", "users docker");

    assertThat(said()).contains("log in again: eve").doesNotContain("usermod");
  }

  @Test
  void asksForNeitherWhenThisLoginHasTheGroup() throws Exception {
    command("docker", DENIED);
    userIs("users docker", "users docker");

    assertThat(said()).contains("ls -l").doesNotContain("log in again", "usermod");
  }

  @Test
  void isContentWithAnEngineThatAnswers() throws Exception {
    command("docker", "echo 'WARNING: permission denied reading a plugin' >&2");

    assertThat(said()).startsWith("ok");
  }

  /// @param ofThisLogin groups it began with
  /// @param inTheFile groups of today
  private void userIs(String ofThisLogin, String inTheFile) throws IOException {
    command(
        "id",
        "case \"$*\" in -un) echo eve ;; -nG) echo %s ;; '-nG eve') echo %s ;; *) exit 2 ;; esac"
            .formatted(ofThisLogin, inTheFile));
  }

  private void command(String name, String script) throws IOException {
    var file = Files.writeString(commands.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /// State, complaint and advice.
  private String said() throws IOException, InterruptedException {
    var shell =
        new ProcessBuilder(
            "bash",
            "-euc",
            "source ../tools/docker.sh; s=$(docker_state); echo \"$s\";"
                + " docker_complaint \"$s\"; docker_advice \"$s\"");
    shell.environment().merge("PATH", commands + ":", (path, mine) -> mine + path);
    var process = shell.redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
