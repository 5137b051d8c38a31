package com.penguinmails.sandbox.host.step;

import com.penguinmails.sandbox.host.machine.Disk;
import java.util.regex.Pattern;

/// Whose the host is, and what was applied last.
///
/// @param server empty: nobody's
/// @param bundle empty: no step was ever applied
public record Manifest(String server, long version, String bundle) {
  private static final Pattern LINE =
      Pattern.compile("(?m)^ {2}\"(server|version|bundle)\": \"?([^\",]*)\"?,?$");

  /// As `read_manifest` in `step.sh` reads it.
  public static Manifest read(Disk disk) {
    var server = "";
    var version = "0";
    var bundle = "";
    var lines = LINE.matcher(disk.textOrEmpty(Places.MANIFEST));
    while (lines.find()) {
      switch (lines.group(1)) {
        case "server" -> server = lines.group(2);
        case "version" -> version = lines.group(2);
        default -> bundle = lines.group(2);
      }
    }
    return new Manifest(server, Long.parseLong(version), bundle);
  }

  public void write(Disk disk) {
    disk.write(
        Places.MANIFEST,
        "{\n  \"server\": \"%s\",\n  \"version\": %d,\n  \"bundle\": \"%s\"\n}\n"
            .formatted(server, version, bundle));
  }
}
