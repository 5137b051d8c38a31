package com.penguinmails.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The version is said in one place, `revision` in the parent POM. What cannot ask for it there
/// says the same.
class VersionTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern REVISION = Pattern.compile("<revision>(.+)</revision>");
  private static final Pattern MODULE = Pattern.compile("<module>(.+)</module>");
  private static final Pattern IMAGE = Pattern.compile("penguinmails:([0-9]\\S*)");
  private static final Pattern CHART = Pattern.compile("(?m)^(?:v|appV)ersion: \"?([^\"\\n]+)");

  @Test
  void modulesTakeItFromTheParent() throws IOException {
    assertThat(all(MODULE, "pom.xml"))
        .hasSizeGreaterThan(1)
        .allSatisfy(module ->
            assertThat(read(module + "/pom.xml"))
                .contains("<artifactId>penguin</artifactId>\n    <version>${revision}</version>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy/compose.yaml", "deploy/Dockerfile", "docs/deploying.md"})
  void imagesAreNamedByIt(String file) throws IOException {
    assertThat(all(IMAGE, file)).isNotEmpty().containsOnly(version());
  }

  @Test
  void chartIsOfIt() throws IOException {
    assertThat(all(CHART, "deploy/helm/penguinmails/Chart.yaml"))
        .containsExactly(version(), version());
  }

  private static String version() throws IOException {
    return all(REVISION, "pom.xml").getFirst();
  }

  private static List<String> all(Pattern pattern, String file) throws IOException {
    return pattern
        .matcher(read(file))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }
}
