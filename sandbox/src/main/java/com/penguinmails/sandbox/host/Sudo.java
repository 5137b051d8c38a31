package com.penguinmails.sandbox.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.penguinmails.sandbox.host.machine.Account;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.step.Places;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who may become root, and for what: by the owner's wish, or by the file of our rules.
final class Sudo {
  private static final Pattern RULE =
      Pattern.compile("(?m)^(\\S+) ALL=\\(root\\) NOPASSWD: (\\S+) (\\^.*\\$)$");

  private final Machine machine;

  Sudo(Machine machine) {
    this.machine = machine;
  }

  /// @param command to be run as root
  /// @param complaint says no; empty: it may be run
  record Answer(List<String> command, String complaint) {}

  /// @param arguments as given to sudo; of its options `-n`, `-k`, `-S` and `-p` are known
  /// @param input with `-S` the password is its first line, which is taken away
  Answer ask(String user, List<String> arguments, InputStream input) throws IOException {
    int at = 0;
    boolean readsPassword = false;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      readsPassword |= arguments.get(at).equals("-S");
      at += arguments.get(at).equals("-p") ? 2 : 1;
    }
    var command = arguments.subList(at, arguments.size());
    var given = readsPassword ? Optional.of(line(input)) : Optional.<String>empty();
    return new Answer(command, machine.look(() -> complaint(user, command, given)));
  }

  private String complaint(String user, List<String> command, Optional<String> given) {
    var account = machine.accounts().get(user);
    if (account == null || command.isEmpty()) {
      return "sudo: unknown user " + user;
    }
    if (user.equals("root")
        || account.sudo() == Account.Sudo.FREE
        || isAllowedByRule(user, command)) {
      return "";
    }
    if (account.sudo() == Account.Sudo.WITH_PASSWORD && given.isPresent()) {
      return account.fits(given.get()) ? "" : "sudo: 1 incorrect password attempt";
    }
    return "sudo: a password is required";
  }

  private boolean isAllowedByRule(String user, List<String> command) {
    var arguments = String.join(" ", command.subList(1, command.size()));
    return RULE.matcher(machine.disk().textOrEmpty(Places.RULES))
        .results()
        .anyMatch(rule ->
            rule.group(1).equals(user)
                && rule.group(2).equals(command.getFirst())
                && Pattern.matches(rule.group(3), arguments));
  }

  private static String line(InputStream input) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = input.read(); c >= 0 && c != '\n'; c = input.read()) {
      line.write(c);
    }
    return line.toString(UTF_8);
  }
}
