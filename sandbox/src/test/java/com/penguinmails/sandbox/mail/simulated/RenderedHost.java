package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.ports.stack.StackDriver.PlannedFile;
import com.penguinmails.ports.stack.StackDriver.Source;
import com.penguinmails.ports.stack.debian.DebianStackDriver;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.SecretRef;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The files a host has once the whole plan of the stack is applied, and the units that then run. A
/// test changes them as a person on the host would.
final class RenderedHost {
  final Map<String, String> files = new HashMap<>();
  final Set<String> units =
      new HashSet<>(Set.of("postfix.service", "postfix@-.service", "dovecot", "opendkim.service"));
  private final Map<String, String> secrets;
  private final Templates templates = new Templates();

  /// @param secrets by `path/field`
  RenderedHost(DesiredHost desired, Map<String, String> secrets) {
    this.secrets = Map.copyOf(secrets);
    for (var step : new DebianStackDriver().plan(desired)) {
      for (var file : step.files()) {
        files.put(file.target(), content(file));
      }
    }
  }

  private String content(PlannedFile file) {
    return switch (file.source()) {
      case Source.Template(var path, var variables) -> templates.render(path, variables);
      case Source.Text(var text) -> text;
      case Source.Secret(var reference, var field) -> secret(reference, field);
      case Source.SecretLines(var lines) ->
          lines.stream()
              .map(line ->
                  line.prefix()
                      + line.reference().map(found -> secret(found, line.field())).orElse("")
                      + line.suffix())
              .collect(Collectors.joining("\n", "", "\n"));
    };
  }

  private String secret(SecretRef reference, String field) {
    return Objects.requireNonNull(secrets.get(reference.path() + "/" + field));
  }

  String file(String path) {
    return Objects.requireNonNull(files.get(path));
  }

  /// Replaces text in a file, which must hold it.
  void edit(String path, String before, String after) {
    var text = file(path);
    if (!text.contains(before)) {
      throw new AssertionError(path + " has no \"" + before + "\"");
    }
    files.put(path, text.replace(before, after));
  }

  MailConfiguration read(IpAddress address) {
    return DebianMailFiles.read(
        address,
        path ->
            Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8)),
        units);
  }
}
