package com.penguinmails.sandbox;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/// Every setting has a line where the README sends people: in `api.yaml`, in `worker.yaml`, or in
/// its own table; every environment variable that is read otherwise, in the table, whose defaults
/// are the ones that count.
class SettingsTest {
  private static final String TOY = "com.penguinmails.sandbox.toyseller.";
  private static final Path ROOT = Path.of("..");
  private static final List<Path> YAML =
      List.of(
          ROOT.resolve("api/src/main/resources/api.yaml"),
          ROOT.resolve("worker/src/main/resources/worker.yaml"));
  private static final Pattern VARIABLE = Pattern.compile("\\bPENGUIN_[A-Z_]*[A-Z]\\b");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)");
  private static final Pattern CELL_NAME = Pattern.compile("`([A-Z_]+)`");

  /// In a Helm template, or in what services of the compose file share.
  private static final Pattern OF_CONTAINER =
      Pattern.compile("(?:\\{ name: |\\n  )([A-Z]+_[A-Z_]+)(?:, value)?:");

  private static final Pattern SECRET_FILE =
      Pattern.compile("(?:target|path): ((?:spring|penguin)\\.[a-z.-]+)");

  private static final Pattern VALUE = Pattern.compile("`[^`]+`|[0-9.]+");
  private static final Pattern WHOLE_PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+):(.*)\\}");

  /// A line of YAML with a key, also one that is commented out.
  private static final Pattern KEY = Pattern.compile("( *)(# )?([a-z][a-z-]*):(?: .*)?");

  /// Said by our own code to our own code: `./penguin` to the demo, and into a container.
  private static final Set<String> BETWEEN_US = Set.of("PENGUIN_TERMINAL", "PENGUIN_INPUT");

  private final Set<String> table = table(read(ROOT.resolve("README.md")));

  @Test
  void everyKeyHasALine() {
    var described = new TreeSet<String>();
    YAML.forEach(file -> described.addAll(keys(read(file))));

    var known = settings().flatMap(type -> keys(prefix(type), type)).toList();

    assertThat(known).contains("penguin.api.public-url", "penguin.worker.probe.imap-port");
    assertThat(without(known, described)).isEmpty();
  }

  @Test
  void everyVariableThatIsReadHasALine() throws IOException {
    var read = variablesThatAreRead();

    assertThat(read).contains("PENGUIN_HEAP", "PENGUIN_OWNER_URL", "TEMPORAL_ADDRESS");
    assertThat(read).isSubsetOf(table);
  }

  @Test
  void everyLineIsAboutSomethingThatIsRead() throws IOException {
    var read = variablesThatAreRead();
    settings()
        .flatMap(type -> keys(prefix(type), type))
        .map(SettingsTest::variable)
        .forEach(read::add);

    assertThat(table)
        .filteredOn(name -> name.startsWith("PENGUIN_"))
        .hasSizeGreaterThan(20)
        .isSubsetOf(read);
  }

  /// What compose file and chart tell the programs, as variables or as files named after a setting,
  /// is what these read.
  @Test
  void everySettingThatIsDeployedIsRead() throws IOException {
    var known = variablesThatAreRead();
    known.addAll(table);
    settings()
        .flatMap(type -> keys(prefix(type), type))
        .map(SettingsTest::variable)
        .forEach(known::add);

    var deployed = new TreeSet<String>();
    for (var file : deployments()) {
      var text = read(file);
      deployed.addAll(matches(VARIABLE, text));
      OF_CONTAINER.matcher(text).results().forEach(match -> deployed.add(match.group(1)));
      SECRET_FILE.matcher(text).results().forEach(match -> deployed.add(variable(match.group(1))));
    }

    assertThat(deployed)
        .contains("PENGUIN_OWNER_URL", "SERVER_ADDRESS", "PENGUIN_WORKER_SWEEPPOOL_PASSWORD")
        .isSubsetOf(known);
  }

  @Test
  void theDefaultsInTheTableAreTheOnesThatCount() {
    var counting = defaults();
    var claimed = claimedDefaults(read(ROOT.resolve("README.md")));
    claimed.keySet().retainAll(counting.keySet());

    assertThat(claimed).hasSizeGreaterThan(15).containsEntry("PENGUIN_API_MAILBOXGRACE", "7d");
    assertThat(claimed)
        .allSatisfy((name, value) ->
            assertThat(counting.get(name)).as("default of " + name).contains(value));
  }

  @Test
  void aDefaultIsReadFromItsRow() {
    assertThat(
            claimedDefaults("| `PENGUIN_A_URL`, `_USER`, `PENGUIN_B` | api | none, `me`, 8 | x |"))
        .containsExactly(entry("PENGUIN_A_USER", "me"), entry("PENGUIN_B", "8"));
    assertThat(claimedDefaults("| `PENGUIN_A`, `PENGUIN_B` | api | `7d` | not `8d` |"))
        .containsExactly(entry("PENGUIN_A", "7d"), entry("PENGUIN_B", "7d"));
  }

  @Test
  void aNewSettingWithoutALineIsFound() {
    var known = keys("penguin.toy", Toy.class).toList();
    var described =
        keys(
            """
            penguin:
              toy:
                # old: one that has no default
                other: 3
            """);

    assertThat(without(known, described))
        .containsExactly("penguin.toy.part.is-new", "penguin.toy.many-new-ones");
    assertThat(matches(VARIABLE, "[[ ${PENGUIN_NEW_ONE:-} ]] || get(\"PENGUIN_URL\") # PENGUIN_*"))
        .containsExactly("PENGUIN_NEW_ONE", "PENGUIN_URL");
    assertThat(
            table("| `PENGUIN_A_URL`, `_USERNAME`, `PENGUIN_B` | api | `NONE` | not `PENGUIN_C` |"))
        .containsExactly("PENGUIN_A_URL", "PENGUIN_A_USERNAME", "PENGUIN_B");
  }

  record Toy(String old, Part part, List<String> manyNewOnes) {
    record Part(boolean isNew) {}
  }

  private List<String> without(List<String> known, Set<String> described) {
    return known.stream()
        .filter(key -> !described.contains(key) && !table.contains(variable(key)))
        .toList();
  }

  private static Stream<Class<?>> settings() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    return scanner.findCandidateComponents("com.penguinmails").stream()
        .map(found -> String.valueOf(found.getBeanClassName()))
        .filter(name -> !name.startsWith(TOY)) // a seller of the tests has no rows
        .map(SettingsTest::load);
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String prefix(Class<?> settings) {
    var annotation = settings.getAnnotation(ConfigurationProperties.class);
    return annotation.prefix().isEmpty() ? annotation.value() : annotation.prefix();
  }

  /// Names as Spring Boot writes them. Records inside the record are groups, all else is a value.
  private static Stream<String> keys(String prefix, Class<?> settings) {
    assertThat(settings.isRecord()).as(settings + " is a record").isTrue();
    return Arrays.stream(settings.getRecordComponents())
        .flatMap(component -> {
          var key = prefix + "." + kebab(component.getName());
          var type = component.getType();
          return settings.equals(type.getEnclosingClass()) && type.isRecord()
              ? keys(key, type)
              : Stream.of(key);
        });
  }

  private static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  /// Spring Boot's rule: dots become underscores, hyphens vanish.
  private static String variable(String key) {
    return key.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /// Keys with their paths, of what our YAML files use of YAML.
  private static Set<String> keys(String yaml) {
    var path = new ArrayList<String>();
    var keys = new LinkedHashSet<String>();
    for (var line : yaml.lines().toList()) {
      var key = KEY.matcher(line);
      if (key.matches()) {
        int depth = key.group(1).length() / 2;
        if (depth <= path.size()) {
          path.subList(depth, path.size()).clear();
          path.add(key.group(3));
          keys.add(String.join(".", path));
        }
      }
    }
    return keys;
  }

  /// The first column of the table.
  private static Set<String> table(String readme) {
    var names = new LinkedHashSet<String>();
    rows(readme).forEach(cells -> names.addAll(names(cells[1])));
    return names;
  }

  private static Stream<String[]> rows(String readme) {
    return readme.lines().filter(row -> row.startsWith("| `")).map(row -> row.split("\\|", 5));
  }

  /// `_USERNAME` after `X_URL` is `X_USERNAME`.
  private static List<String> names(String cell) {
    var names = new ArrayList<String>();
    var before = "";
    for (var match : CELL_NAME.matcher(cell).results().toList()) {
      var name = match.group(1);
      if (name.startsWith("_")) {
        name = before.substring(0, before.lastIndexOf('_')) + name;
      } else {
        before = name;
      }
      names.add(name);
    }
    return names;
  }

  /// What the third column says of each name: one for all, or one for each. Words, such as `none`,
  /// are no values.
  private static Map<String, String> claimedDefaults(String readme) {
    var claimed = new TreeMap<String, String>();
    rows(readme)
        .filter(cells -> cells.length > 3)
        .forEach(cells -> {
          var names = names(cells[1]);
          var values = List.of(cells[3].strip().split(", "));
          for (int i = 0; i < names.size(); i++) {
            var value = values.size() == 1 ? values.getFirst() : values.get(i % values.size());
            if ((values.size() == 1 || values.size() == names.size())
                && VALUE.matcher(value).matches()) {
              claimed.put(names.get(i), value.replace("`", ""));
            }
          }
        });
    return claimed;
  }

  /// By variable; the API and the worker may have different ones.
  private static Map<String, Set<String>> defaults() {
    var defaults = new TreeMap<String, Set<String>>();
    for (var file : YAML) {
      flat(file)
          .forEach((key, value) -> {
            var placeholder = WHOLE_PLACEHOLDER.matcher(value);
            boolean isOther = placeholder.matches();
            defaults
                .computeIfAbsent(
                    isOther ? placeholder.group(1) : variable(key), _ -> new TreeSet<>())
                .add(isOther ? placeholder.group(2) : value);
          });
    }
    return defaults;
  }

  private static Map<String, String> flat(Path yaml) {
    var flat = new TreeMap<String, String>();
    try {
      for (var source :
          new YamlPropertySourceLoader().load("defaults", new FileSystemResource(yaml))) {
        var keys = (EnumerablePropertySource<?>) source;
        for (var key : keys.getPropertyNames()) {
          flat.put(key, String.valueOf(keys.getProperty(key)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return flat;
  }

  /// By scripts, by placeholders in YAML, and by code that does not leave it to Spring.
  private static Set<String> variablesThatAreRead() throws IOException {
    var read = new TreeSet<String>();
    for (var file : readers()) {
      read.addAll(matches(VARIABLE, read(file)));
    }
    YAML.forEach(file ->
        PLACEHOLDER.matcher(read(file)).results().forEach(match -> read.add(match.group(1))));
    read.removeAll(BETWEEN_US);
    return read;
  }

  private static List<Path> readers() throws IOException {
    var readers = new ArrayList<>(List.of(ROOT.resolve("penguin"), ROOT.resolve(".ci/run")));
    try (var tools = Files.list(ROOT.resolve("tools"))) {
      tools.filter(file -> file.toString().endsWith(".sh")).forEach(readers::add);
    }
    for (var module : List.of("ports", "store", "activities", "worker", "api", "sandbox")) {
      try (var sources = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        sources.filter(file -> file.toString().endsWith(".java")).forEach(readers::add);
      }
    }
    return readers;
  }

  private static List<Path> deployments() throws IOException {
    var deployments = new ArrayList<>(List.of(ROOT.resolve("deploy/compose.yaml")));
    try (var files = Files.walk(ROOT.resolve("deploy/helm"))) {
      files.filter(Files::isRegularFile).forEach(deployments::add);
    }
    return deployments;
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
