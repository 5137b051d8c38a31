package com.penguinmails.sandbox.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.step.KnownScripts;
import com.penguinmails.sandbox.host.step.Places;
import com.penguinmails.workflows.model.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The programs a simulated host knows: those our production code starts over SSH, and the few a
/// person would look around with. Scripts are known by their text, see [KnownScripts]; nothing is
/// ever executed.
final class Programs {
  static final int UNKNOWN = 127;
  private static final Pattern LOOK = Pattern.compile("ls -d ((?:/[\\w/.-]+ )+)2>&- \\|\\| true");

  private final Machine machine;
  private final KnownScripts scripts;
  private final Staging staging;
  private final StepHelper stepHelper;
  private final InstallHelper installHelper;
  private final ContactScript contactScript;
  private final Sudo sudo;
  private final Function<IpAddress, String> greeting;
  private final Map<String, Program> learned = new ConcurrentHashMap<>();

  /// @param greeting what a mail server says first to this host; empty: it is not reached
  Programs(
      Machine machine,
      KnownScripts scripts,
      Staging staging,
      StepHelper stepHelper,
      Contact contact,
      Function<IpAddress, String> greeting) {
    this.greeting = greeting;
    this.machine = machine;
    this.scripts = scripts;
    this.staging = staging;
    this.stepHelper = stepHelper;
    this.installHelper = new InstallHelper(machine, staging);
    this.contactScript = new ContactScript(scripts, contact);
    this.sudo = new Sudo(machine);
  }

  /// One that runs.
  ///
  /// @param user whose it is
  /// @param gone open once nobody waits for it any more
  record Started(
      String user,
      List<String> arguments,
      InputStream input,
      OutputStream output,
      OutputStream errors,
      CountDownLatch gone) {
    Started as(String other, List<String> command) {
      return new Started(other, command, input, output, errors, gone);
    }

    boolean isRoot() {
      return user.equals("root");
    }

    int says(String text) throws IOException {
      output.write(text.getBytes(UTF_8));
      return 0;
    }

    int complains(int code, String text) throws IOException {
      errors.write((text + "\n").getBytes(UTF_8));
      return code;
    }
  }

  /// The meaning of a shell script.
  @FunctionalInterface
  interface Program {
    int run(Started started) throws IOException;
  }

  /// From now on this text, given to `sh -c`, means that.
  void learn(String script, Program meaning) {
    learned.put(script, meaning);
  }

  /// @return the exit code
  int run(Started started) throws IOException, InterruptedException {
    var words = started.arguments();
    try {
      return switch (words.getFirst()) {
        case "true" -> 0;
        case "sudo" -> sudo(started);
        case "bash", "sh" -> shell(started);
        case "cat" -> cat(started);
        case "stat" -> stat(started);
        case "sleep" -> {
          boolean isGone = started.gone().await(Integer.parseInt(words.get(1)), TimeUnit.SECONDS);
          yield isGone ? 129 : 0;
        }
        case Places.LIB + "/penguin-step", Places.LIB + "/penguin-install" -> helper(started);
        default -> unknown(started);
      };
    } catch (HelperFailed failed) {
      return started.complains(failed.code(), failed.said());
    }
  }

  static int unknown(Started started) throws IOException {
    return started.complains(
        UNKNOWN,
        "this simulated host does not know %s"
            .formatted(
                started.arguments().stream()
                    .map(word -> word.length() > 200 ? word.substring(0, 200) + "…" : word)
                    .collect(Collectors.joining(" "))));
  }

  private int sudo(Started started) throws IOException, InterruptedException {
    var words = started.arguments();
    var answer = sudo.ask(started.user(), words.subList(1, words.size()), started.input());
    return answer.complaint().isEmpty()
        ? run(started.as("root", answer.command()))
        : started.complains(1, answer.complaint());
  }

  private int helper(Started started) throws IOException {
    var words = started.arguments();
    var path = words.getFirst();
    var name = path.substring(Places.LIB.length() + 1);
    var there = machine.look(() -> machine.disk().text(path));
    if (there.isEmpty()) {
      return started.complains(1, "sudo: %s: command not found".formatted(path));
    }
    if (!scripts.isKnown("host/" + name, there.get())) {
      return started.complains(UNKNOWN, "this simulated host does not know this " + name);
    }
    if (!started.isRoot()) {
      return started.complains(1, path + ": Permission denied");
    }
    try {
      return started.says(helped(name, words.subList(1, words.size())));
    } catch (HelperFailed failed) {
      throw new HelperFailed(failed.code(), name + ": " + failed.said());
    }
  }

  private String helped(String name, List<String> words) {
    var call = name + " " + (words.isEmpty() ? "" : words.getFirst()) + " " + words.size();
    return switch (call) {
      case "penguin-install receive 2" -> installHelper.receive(words.get(1));
      case "penguin-step probe-all 2" -> stepHelper.probeAll(words.get(1));
      case "penguin-step start 5" ->
          stepHelper.start(
              words.get(1), words.get(2), words.get(3), Integer.parseInt(words.get(4)));
      case "penguin-step status 3" ->
          stepHelper.status(words.get(1), Integer.parseInt(words.get(2)));
      case "penguin-step retire 3" -> stepHelper.retire(words.get(1), words.get(2));
      case "penguin-step settle 2" -> stepHelper.settle(words.get(1));
      case "penguin-step leave 2" -> stepHelper.leave(words.get(1));
      default ->
          throw new HelperFailed(
              HelperFailed.WRONG_ARGUMENTS, "usage: probe-all|start|status|retire|leave");
    };
  }

  private int shell(Started started) throws IOException {
    var words = started.arguments();
    if (words.equals(List.of("bash", "-s"))) {
      var script = new String(started.input().readAllBytes(), UTF_8);
      return scripts.isKnown("host/preflight", script)
          ? started.says(machine.look(() -> Preflight.of(machine, started.isRoot())))
          : unknown(started);
    }
    if (words.size() == 4 && words.subList(0, 3).equals(List.of("bash", "-s", "--"))) {
      var script = new String(started.input().readAllBytes(), UTF_8);
      return scripts.isKnown("host/outgoing", script)
          ? started.says(
              "{\"greeting\":\"%s\"}\n".formatted(greeting.apply(new IpAddress(words.get(3)))))
          : unknown(started);
    }
    if (words.size() < 3 || !words.get(1).equals("-c")) {
      return unknown(started);
    }
    var script = words.get(2);
    var look = LOOK.matcher(script);
    if (look.matches()) {
      var paths = List.of(look.group(1).split(" "));
      return started.says(
          machine.look(() ->
              paths.stream()
                  .filter(machine.disk()::exists)
                  .map(path -> path + "\n")
                  .collect(Collectors.joining())));
    }
    if (contactScript.isIn(script)) {
      return contactScript.run(started, script);
    }
    var meaning = learned.get(script);
    return meaning == null ? unknown(started) : meaning.run(started);
  }

  private int cat(Started started) throws IOException {
    var words = started.arguments();
    if (words.size() == 1) {
      started.input().transferTo(started.output());
      return 0;
    }
    var path = words.get(1);
    var content =
        staging
            .read(path)
            .or(() -> machine.look(() -> machine.disk().text(path).map(t -> t.getBytes(UTF_8))));
    if (content.isEmpty()) {
      return started.complains(1, "cat: %s: No such file or directory".formatted(path));
    }
    started.output().write(content.get());
    return 0;
  }

  private int stat(Started started) throws IOException {
    var words = started.arguments();
    if (words.size() != 4 || !words.get(1).equals("-c") || !words.get(2).equals("%a")) {
      return unknown(started);
    }
    var path = words.get(3);
    var mode =
        staging
            .mode(path)
            .or(() ->
                machine.look(() ->
                    machine.disk().node(path).map(node -> node.mode().replaceFirst("^0", ""))));
    return mode.isPresent()
        ? started.says(mode.get() + "\n")
        : started.complains(
            1, "stat: cannot statx '%s': No such file or directory".formatted(path));
  }
}
