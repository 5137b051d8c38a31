package com.penguinmails.sandbox.host.step;

import com.penguinmails.sandbox.host.machine.Disk;
import com.penguinmails.sandbox.host.machine.ShellWords;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A bundle that lies on a host.
///
/// @param hash its name
/// @param steps hash of the input of each step by its name, in their order
public record Bundle(String hash, String server, long version, SequencedMap<String, String> steps) {
  /// @param number of the file in the bundle
  /// @param owner `user:group`
  /// @param hash of the content it should have
  record ListedFile(String number, String target, String owner, String mode, String hash) {}

  static String directory(String hash) {
    return Places.BUNDLES + "/" + hash;
  }

  /// Empty: there is none of that name, or none that can be read.
  public static Optional<Bundle> find(Disk disk, String hash) {
    return disk.text(directory(hash) + "/MANIFEST")
        .map(text -> {
          var server = "";
          var version = "0";
          var steps = new LinkedHashMap<String, String>();
          for (var line : text.lines().toList()) {
            var parts = line.split("\t", -1);
            switch (parts[0]) {
              case "server" -> server = parts[1];
              case "version" -> version = parts[1];
              case "step" -> steps.put(parts[1], parts[2]);
              default -> {}
            }
          }
          return new Bundle(hash, server, Long.parseLong(version), steps);
        });
  }

  /// A file of the bundle.
  public String text(Disk disk, String path) {
    return disk.textOrEmpty(directory(hash) + "/" + path);
  }

  List<ListedFile> files(Disk disk, String step) {
    return text(disk, step + ".files")
        .lines()
        .map(line -> line.split("\t", -1))
        .map(part -> new ListedFile(part[0], part[1], part[2], part[3], part[4]))
        .toList();
  }

  Map<String, String> inputs(Disk disk, String step) {
    var inputs = new LinkedHashMap<String, String>();
    for (var word : ShellWords.split(text(disk, step + ".env")).orElseThrow()) {
      int sign = word.indexOf('=');
      inputs.put(word.substring(0, sign), word.substring(sign + 1));
    }
    return inputs;
  }
}
