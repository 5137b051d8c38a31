package com.penguinmails.sandbox.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `./penguin` says and ends with before it starts anything.
@Timeout(60)
class PenguinIT {
  private static final Pattern COMMAND = Pattern.compile("^  ([a-z]+)  +\\S", Pattern.MULTILINE);
  private static final String ESCAPE = "\033";

  @TempDir private static Path directory;
  private static String withoutAnEngine;

  @BeforeAll
  static void findNoEngine() throws IOException {
    withoutAnEngine = pathWith(Map.of("docker", "exit 1"));
  }

  @Test
  void helpsWithEveryCommandItNames() throws Exception {
    var help = Script.penguin("--help");

    assertThat(help.code()).isZero();
    var commands = COMMAND.matcher(help.out()).results().map(found -> found.group(1)).toList();
    assertThat(commands)
        .contains("demo", "test", "up", "migrate", "tenant", "plan", "explain", "doctor", "tools");
    for (var command : commands) {
      for (var option : List.of("--help", "-h")) {
        var told = Script.penguin(command, option);
        assertThat(told.code()).as(command).isZero();
        assertThat(told.out()).startsWith("Usage: ./penguin " + command);
        assertThat(told.err()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "--nonsense",
        "demo --wrong",
        "demo extra",
        "demo --once --wrong",
        "demo --domain=acme.com",
        "demo --domain acme.com",
        "demo --domain",
        "demo --dir=",
        "test --wrong",
        "test --quick --wrong",
        "up --wrong",
        "doctor --wrong",
        "doctor nonsense",
        "doctor demo test",
        "doctor --json --wrong",
        "tools nonsense"
      })
  void refusesWrongUsageAlsoWithoutADockerEngine(String arguments) throws Exception {
    var words = arguments.isEmpty() ? new String[0] : arguments.split(" ");

    var refused = Script.penguin(Map.of("PATH", withoutAnEngine), words);

    assertThat(refused.code()).as(refused.err()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--docker --once", "--domain=acme.test --docker", "--docker --dir ."})
  void saysThatTheDemoOnDockerHostsNeedsAnEngine(String options) throws Exception {
    var arguments = ("demo " + options).split(" ");

    var refused = Script.penguin(Map.of("PATH", withoutAnEngine), arguments);

    assertThat(refused.code()).as(refused.err()).isEqualTo(1);
    assertThat(refused.err()).contains("Docker engine").contains("./penguin doctor");
  }

  @Test
  void doctorNamesWhatIsMissingAndTheFix() throws Exception {
    var path = pathWith(Map.of("docker", "exit 1", "shellcheck", ""));

    var text = Script.penguin(Map.of("PATH", path), "doctor");
    var json = Script.penguin(Map.of("PATH", path), "doctor", "--json");

    assertThat(text.code()).isEqualTo(1);
    assertThat(text.out())
        .containsPattern("missing +Docker engine +the client is here, but no engine answers")
        .containsPattern("missing +shellcheck .*\n +fix: apt-get install shellcheck\n")
        .containsPattern("ok +JDK 25 ");
    assertThat(json.code()).isEqualTo(1);
    assertThat(missing(json)).contains("Docker engine", "shellcheck").doesNotContain("JDK 25");
  }

  @ParameterizedTest
  @ValueSource(strings = {"doctor demo --json", "doctor --json demo"})
  void doctorMissesNothingThatOnlyTestsNeedBeforeADemo(String arguments) throws Exception {
    var path = pathWith(Map.of("docker", "", "shellcheck", ""));

    var answer = Script.penguin(Map.of("PATH", path), arguments.split(" "));

    assertThat(whatFor(answer).keySet())
        .containsExactlyInAnyOrder("JDK 25", "temporal", "pebble", "memory", "disk");
    assertMissesAtMostRoom(answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vault", "temporal-server"})
  void doctorLooksForWhatOnlyTestsNeedToo(String tool) throws Exception {
    assertThat(whatFor(Script.penguin("doctor", "test", "--json")).get(tool))
        .contains("./penguin test");
  }

  @Test
  void doctorSaysWhatEachThingIsFor() throws Exception {
    var text = Script.penguin("doctor").out();

    assertThat(whatFor(Script.penguin("doctor", "--json")))
        .containsKeys("JDK 25", "vault", "Docker engine", "shellcheck", "port 8080")
        .allSatisfy((what, use) ->
            assertThat(text)
                .containsPattern(
                    Pattern.quote(what)
                        + " +.* "
                        + Pattern.quote("(for %s)".formatted(use))
                        + "\n"));
  }

  @Test
  void doctorIsContentWhenNothingIsMissing() throws Exception {
    var there = Map.of("docker", "exit 0", "shellcheck", "exit 0");

    var answer = Script.penguin(Map.of("PATH", pathWith(there)), "doctor", "--json");

    assertMissesAtMostRoom(answer);
  }

  @Test
  void doctorWarnsWhileThereIsNoCopyOfTheKeys() throws Exception {
    var keys = Files.createTempDirectory(directory, "keys");
    var copies = Files.createTempDirectory(directory, "copies");
    var environment = new TreeMap<String, String>();
    for (var name : List.of("codec", "master")) {
      var file = Files.writeString(keys.resolve(name + ".keys"), "current = " + name);
      environment.put("PENGUIN_WORKER_KEYS_" + name.toUpperCase(Locale.ROOT), file.toString());
    }
    assertThat(keyCopies(environment)).containsExactly("warning", "warning");

    environment.put("PENGUIN_KEYS_COPY", copies.toString());
    assertThat(keyCopies(environment)).as("none there").containsExactly("warning", "warning");

    Files.copy(keys.resolve("codec.keys"), copies.resolve("codec.keys"));
    Files.copy(keys.resolve("master.keys"), copies.resolve("kept-offline"));
    var sum = Script.run(Map.of(), List.of("sha256sum", copies.resolve("kept-offline").toString()));
    Files.writeString(copies.resolve("master.keys.sha256"), sum.out());
    assertThat(keyCopies(environment)).containsExactly("ok", "ok");

    Files.writeString(keys.resolve("codec.keys"), "a new key", StandardOpenOption.APPEND);
    assertThat(keyCopies(environment)).as("of before").containsExactly("warning", "ok");

    environment.put("PENGUIN_KEYS_COPY", keys.toString());
    assertThat(keyCopies(environment)).as("no copy").containsExactly("warning", "warning");

    environment.put("PENGUIN_SECRET_STORE", "vault");
    assertThat(keyCopies(environment)).as("the other one is Vault's").containsExactly("warning");
  }

  /// That of the codec first.
  private static List<String> keyCopies(Map<String, String> environment) throws Exception {
    var doctor = Script.penguin(environment, "doctor", "--json");
    return findings(doctor).stream()
        .filter(finding -> finding.path("what").asText().startsWith("copy of the "))
        .map(finding -> finding.path("state").asText())
        .toList();
  }

  @Test
  void coloursOnATerminalOnlyAndNotAgainstItsUsersWish() throws Exception {
    var doctor = Script.ROOT.resolve("penguin") + " doctor";
    var onATerminal =
        List.of("env", "TERM=xterm", "script", "--quiet", "--command", doctor, "/dev/null");

    assertThat(Script.run(Map.of(), onATerminal).out()).contains("ok").contains(ESCAPE + "[32m");
    assertThat(Script.run(Map.of("NO_COLOR", "1"), onATerminal).out())
        .contains("ok")
        .doesNotContain(ESCAPE);
    assertThat(Script.penguin("doctor").out()).contains("ok").doesNotContain(ESCAPE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[ERROR] Money.java:[12,8] cannot find symbol",
        "wget: Failed to fetch apache-maven-3.9.11-bin.zip"
      })
  void tellsWhyABuildFailed(String said) throws Exception {
    var checkout = Files.createTempDirectory(directory, "checkout");
    for (var part : List.of("penguin", "tools")) {
      Files.createSymbolicLink(checkout.resolve(part), Script.ROOT.resolve(part));
    }
    Files.createDirectories(checkout.resolve(".mvn"));
    Files.createDirectories(checkout.resolve("store"));
    Files.createFile(checkout.resolve("store/pom.xml"));
    Files.createFile(checkout.resolve("pom.xml"));
    var maven =
        Files.writeString(
            checkout.resolve("mvnw"), "#!/bin/sh\necho '%s'\nexit 1\n".formatted(said));
    assertThat(maven.toFile().setExecutable(true)).isTrue();

    var failed = Script.run(Map.of(), List.of(checkout.resolve("penguin").toString(), "migrate"));

    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.out()).isEmpty();
    assertThat(failed.err()).containsOnlyOnce(said).contains("target/penguin/build.log");
  }

  /// A machine that builds this has memory and disk; the build may be using them.
  private static void assertMissesAtMostRoom(Script doctor) throws IOException {
    assertThat(missing(doctor)).isSubsetOf("memory", "disk");
    assertThat(doctor.code()).isEqualTo(missing(doctor).isEmpty() ? 0 : 1);
  }

  private static List<String> missing(Script doctor) throws IOException {
    return findings(doctor).stream()
        .filter(finding -> finding.path("state").asText().equals("missing"))
        .map(finding -> finding.path("what").asText())
        .toList();
  }

  private static Map<String, String> whatFor(Script doctor) throws IOException {
    return findings(doctor).stream()
        .collect(
            Collectors.toMap(
                finding -> finding.path("what").asText(), finding -> finding.path("for").asText()));
  }

  private static List<JsonNode> findings(Script doctor) throws IOException {
    var findings = new ObjectMapper().readTree(doctor.out());
    assertThat(findings).hasSizeGreaterThan(4);
    return StreamSupport.stream(findings.spliterator(), false).toList();
  }

  private static String pathWith(Map<String, String> ours) throws IOException {
    return SearchPath.in(Files.createTempDirectory(directory, "bin"), ours);
  }
}
