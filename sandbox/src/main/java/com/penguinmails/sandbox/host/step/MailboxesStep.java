package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import com.penguinmails.sandbox.host.machine.Account;
import java.util.List;
import java.util.stream.Collectors;

/// `230-mailboxes`: domains, mailboxes, role addresses, and who may send as whom. Mail is not on
/// this disk: the mail server reads the list of removed mailboxes and takes theirs away.
final class MailboxesStep implements Step {
  private static final String MAPS = "/etc/postfix/penguin/";
  private static final String MAIL = "/var/vmail";
  private static final String EMPTY_POSTFIX = Places.STATE + "/empty-postfix/main.cf";
  private static final List<String> NAMES = List.of("vdomains", "vmailbox", "valias", "senders");

  /// What `postmap -s` would say of the text.
  private static String rows(StepContext step, String name) {
    return step.disk()
        .textOrEmpty(MAPS + name)
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static boolean isSame(StepContext step, String name) {
    return step.disk().exists(MAPS + name)
        && step.disk().text(MAPS + name + ".db").filter(rows(step, name)::equals).isPresent();
  }

  private static long count(StepContext step, String file) {
    return step.disk()
        .textOrEmpty(file)
        .lines()
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .count();
  }

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    if (!step.machine().accounts().containsKey("vmail")) {
      verdict.finds(State.ABSENT, "no user vmail");
    }
    if (step.disk()
        .node(MAIL)
        .filter(node -> (node.owner() + " " + node.mode()).equals("vmail:vmail 0750"))
        .isEmpty()) {
      verdict.finds(State.ABSENT, "/var/vmail is not there, or not vmail's alone");
    }
    if (verdict.state() != State.ABSENT) {
      NAMES.stream()
          .filter(map -> !isSame(step, map))
          .forEach(map ->
              verdict.finds(State.PARTIAL, "%s.db is not what %s says".formatted(MAPS + map, map)));
    }
    return verdict.answer(
        "mailboxes: %d, names they are in: %d"
            .formatted(count(step, "/etc/dovecot/penguin/users"), count(step, MAPS + "vdomains")));
  }

  @Override
  public void end(StepContext step) {
    step.needFreeMib("/var", 50);
    step.machine().accounts().putIfAbsent("vmail", Account.ofProgram(MAIL));
    step.disk().makeDirectory(MAIL, "vmail:vmail", "0750");
    step.disk().write(EMPTY_POSTFIX, "");
    step.changeFiles();
    for (var map : NAMES) {
      step.disk().write(MAPS + map + ".db", rows(step, map));
    }
  }
}
