package com.penguinmails.sandbox.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `tools/suites.sh` on reports that a build could have left.
@Timeout(60)
class SuitesIT {
  private static final String BAD_DAY =
      "sandbox/target/failsafe-reports/TEST-com.penguinmails.sandbox.badday.DiskFullIT.xml";

  @TempDir private Path root;

  @BeforeEach
  void everySuiteRan() throws IOException {
    report("store/target/surefire-reports/TEST-com.penguinmails.store.RowTest.xml", 7, 0, 0, 1);
    report("sandbox/target/failsafe-reports/TEST-com.penguinmails.sandbox.UpIT.xml", 2, 0, 0, 0);
    report(BAD_DAY, 3, 0, 0, 0);
  }

  @Test
  void countsBadDaysAsASuiteOfTheirOwn() throws Exception {
    var counted = count();

    assertThat(counted.code()).as(counted.out()).isZero();
    assertThat(counted.out())
        .containsPattern("(?m)^store +unit +7 +0 +1$")
        .containsPattern("(?m)^sandbox +it +2 +0 +0$")
        .containsPattern("(?m)^sandbox +bad-days +3 +0 +0$")
        .endsWith("\n11 passed, 0 failed\n");
  }

  @Test
  void failsWhenATestFailedOrEndedInAnError() throws Exception {
    report(BAD_DAY, 3, 1, 1, 0);

    var counted = count();

    assertThat(counted.code()).isEqualTo(1);
    assertThat(counted.out())
        .containsPattern("(?m)^sandbox +bad-days +3 +2 +0$")
        .endsWith("\n9 passed, 2 failed\n");
  }

  /// What is printed above may be gone by the time somebody reads it.
  @Test
  void namesEachTestThatFailedAndSaysWhy() throws Exception {
    write(
        BAD_DAY,
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuite version="3.0.2" name="a.DiskFullIT" time="0.093" tests="3" errors="1" skipped="0" failures="1">
          <testcase name="waits" classname="a.DiskFullIT" time="0.01"/>
          <testcase name="tells" classname="a.DiskFullIT" time="0.01">
            <failure message="&#10;[asks &amp; tells] &#10;expected: &quot;x&quot;" type="org.opentest4j.AssertionFailedError"><![CDATA[at a.B]]></failure>
          </testcase>
          <testcase name="ends" classname="a.DiskFullIT" time="0.01">
            <error type="java.lang.IllegalStateException"><![CDATA[at a.B]]></error>
          </testcase>
        </testsuite>
        """);

    var counted = count();

    assertThat(counted.code()).isEqualTo(1);
    assertThat(counted.out())
        .endsWith(
            """

            FAILED sandbox: a.DiskFullIT.tells: [asks & tells] expected: "x"
            FAILED sandbox: a.DiskFullIT.ends: java.lang.IllegalStateException

            9 passed, 2 failed
            """);
  }

  /// A long description of what was tried stands before what was wrong.
  @Test
  void keepsTheEndOfALongReason() throws Exception {
    write(
        BAD_DAY,
        """
        <testsuite version="3.0.2" name="a.DiskFullIT" time="0.093" tests="3" errors="0" skipped="0" failures="1">
          <testcase name="tells" classname="a.DiskFullIT" time="0.01">
            <failure message="[what it is%s] seed 7: left in the zone" type="a.Error"/>
          </testcase>
        </testsuite>
        """
            .formatted(" and so on".repeat(100)));

    assertThat(count().out())
        .contains("FAILED sandbox: a.DiskFullIT.tells: [what it is and so on")
        .contains(" [...] ")
        .contains("] seed 7: left in the zone\n");
  }

  @Test
  void failsWhenASuiteHasNoTestsAtAll() throws Exception {
    Files.delete(root.resolve(BAD_DAY));

    var counted = count();

    assertThat(counted.code()).isEqualTo(1);
    assertThat(counted.out())
        .containsPattern("(?m)^- +bad-days +0 +0 +0 +EMPTY")
        .endsWith("\n8 passed, 1 failed\n");
  }

  @Test
  void failsWhenAModuleHasTestsOfASuiteThatDidNotRun() throws Exception {
    Files.delete(root.resolve(BAD_DAY));
    write("sandbox/src/test/java/com/penguinmails/sandbox/badday/DiskFullIT.java", "");
    write("api/src/test/java/com/penguinmails/api/ApiIT.java", "");

    var counted = count();

    assertThat(counted.code()).isEqualTo(1);
    assertThat(counted.out())
        .containsPattern("(?m)^api +it +0 +0 +0 +EMPTY")
        .containsPattern("(?m)^sandbox +bad-days +0 +0 +0 +EMPTY")
        .endsWith("\n8 passed, 2 failed\n");
  }

  @Test
  void failsWhenAllTestsOfASuiteWereSkipped() throws Exception {
    report(BAD_DAY, 3, 0, 0, 3);

    var counted = count();

    assertThat(counted.code()).isEqualTo(1);
    assertThat(counted.out()).endsWith("\n8 passed, 1 failed\n");
  }

  @Test
  void countsTheSuitesAskedForOnly() throws Exception {
    assertThat(count("unit").out()).endsWith("\n6 passed, 0 failed\n").doesNotContain("bad-days");
    assertThat(count("bad days").code()).as("no such suite").isEqualTo(2);
  }

  private Script count(String... suites) throws Exception {
    var command =
        new ArrayList<>(List.of(Script.ROOT.resolve("tools/suites.sh").toString(), "" + root));
    command.addAll(List.of(suites));
    return Script.run(Map.of(), command);
  }

  /// As Surefire writes them, down to the order of attributes.
  private void report(String file, int tests, int errors, int failures, int skipped)
      throws IOException {
    write(
        file,
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0.2" name="a.B" time="0.093" tests="%d" errors="%d" skipped="%d" failures="%d">
          <testcase name="c" classname="a.B" time="0.01"/>
        </testsuite>
        """
            .formatted(tests, errors, skipped, failures));
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }
}
