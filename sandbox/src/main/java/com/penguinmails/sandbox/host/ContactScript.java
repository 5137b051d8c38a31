package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.Programs.Started;
import com.penguinmails.sandbox.host.step.KnownScripts;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;

/// The shell command with which production runs one of our files as root, from a directory of its
/// own that holds what came along on standard input.
final class ContactScript {
  private static final Pattern COMMAND =
      Pattern.compile(
          Pattern.quote(
                  "set -e; umask 077; d=$(mktemp -d /root/.penguin-contact.XXXXXX);"
                      + " trap 'rm -rf \"$d\"' EXIT; tar -x -C \"$d\"; ")
              + "SERVER=([0-9a-f-]{36}) REPLACE_HOST_KEY=(true|false) PASSWORDS_OFF=(true|false) "
              + Pattern.quote("bash \"$d/")
              + "([a-z-]+)"
              + Pattern.quote("\" </dev/null"));
  private static final Set<String> MADE = Set.of("login.pub", "host_key");

  private final KnownScripts scripts;
  private final Contact contact;

  ContactScript(KnownScripts scripts, Contact contact) {
    this.scripts = scripts;
    this.contact = contact;
  }

  boolean isIn(String script) {
    return COMMAND.matcher(script).matches();
  }

  int run(Started started, String script) throws IOException {
    var found = COMMAND.matcher(script);
    if (!found.matches()) {
      throw new IllegalArgumentException("not our command: " + script);
    }
    if (!started.isRoot()) {
      return started.complains(
          1,
          "mktemp: failed to create directory via template '/root/.penguin-contact.XXXXXX': Permission denied");
    }
    var files = Tar.files(started.input().readAllBytes());
    for (var file : files.entrySet()) {
      if (!MADE.contains(file.getKey())
          && !scripts.isKnown("host/" + file.getKey(), file.getValue())) {
        return started.complains(
            Programs.UNKNOWN, "this simulated host does not know this " + file.getKey());
      }
    }
    var name = found.group(4);
    var order =
        new Contact.Order(
            found.group(1),
            Boolean.parseBoolean(found.group(2)),
            Boolean.parseBoolean(found.group(3)),
            files);
    try {
      return switch (name) {
        case "first-contact" -> started.says(contact.first(order));
        case "take-back" -> started.says(contact.takeBack(order));
        default -> Programs.unknown(started);
      };
    } catch (HelperFailed failed) {
      throw new HelperFailed(failed.code(), name + ": " + failed.said());
    }
  }
}
