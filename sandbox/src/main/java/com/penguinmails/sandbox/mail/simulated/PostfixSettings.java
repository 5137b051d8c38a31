package com.penguinmails.sandbox.mail.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// `main.cf` and `master.cf` as Postfix reads them, as far as the simulation asks: values, and what
/// a service overrides with `-o`. Of variables it knows `$myhostname`.
final class PostfixSettings {
  private static final Pattern TIME = Pattern.compile("(\\d{1,9})([smhdw]?)");
  private static final Pattern HOSTNAME = Pattern.compile("\\$(\\{myhostname}|myhostname\\b)");

  private final Map<String, String> main;
  private final Map<String, Map<String, String>> services; // of those that listen on the network

  PostfixSettings(String mainText, String masterText) {
    this.main = new HashMap<>();
    for (var line : logicalLines(mainText)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        main.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    this.services = new LinkedHashMap<>();
    for (var line : logicalLines(masterText)) {
      var words = List.of(line.split("\\s+"));
      if (words.size() >= 8 && words.get(1).equals("inet")) {
        services.put(words.getFirst(), overrides(words));
      }
    }
  }

  private static Map<String, String> overrides(List<String> words) {
    var found = new HashMap<String, String>();
    for (int i = 8; i + 1 < words.size(); i++) {
      if (words.get(i).equals("-o")) {
        var pair = words.get(i + 1).split("=", 2);
        found.put(pair[0], pair.length == 2 ? pair[1] : "");
      }
    }
    return found;
  }

  /// A line that begins with a blank goes on with the one before.
  static List<String> logicalLines(String text) {
    var lines = new ArrayList<String>();
    for (var line : text.split("\n", -1)) {
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      if (Character.isWhitespace(line.charAt(0)) && !lines.isEmpty()) {
        lines.add(lines.removeLast() + " " + line.strip());
      } else {
        lines.add(line.strip());
      }
    }
    return lines;
  }

  boolean listens(String service) {
    return services.containsKey(service);
  }

  /// Empty where it is not set or set to nothing.
  Optional<String> find(String name) {
    return Optional.ofNullable(main.get(name))
        .map(value ->
            name.equals("myhostname")
                ? value
                : HOSTNAME.matcher(value).replaceAll(main.getOrDefault("myhostname", "localhost")))
        .filter(value -> !value.isEmpty());
  }

  /// What holds for one service of `master.cf`.
  Optional<String> find(String service, String name) {
    return Optional.ofNullable(services.getOrDefault(service, Map.of()).get(name))
        .or(() -> find(name));
  }

  List<String> list(Optional<String> value) {
    return value.stream()
        .flatMap(text -> Pattern.compile("[,\\s]+").splitAsStream(text))
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /// The path of a `hash:` or `texthash:` map; what stands in the text file counts.
  Optional<String> mapFile(String name) {
    return find(name).map(value -> value.substring(value.indexOf(':') + 1));
  }

  Duration time(String name, Duration otherwise) {
    var matcher = TIME.matcher(find(name).orElse(""));
    if (!matcher.matches()) {
      return otherwise;
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      case "w" -> Duration.ofDays(7 * amount);
      default -> Duration.ofSeconds(amount);
    };
  }

  int number(String name, int otherwise) {
    return find(name)
        .filter(value -> value.matches("\\d{1,9}"))
        .map(Integer::valueOf)
        .orElse(otherwise);
  }
}
