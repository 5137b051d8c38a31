package com.penguinmails.activities.server;

import com.penguinmails.ports.host.HostBundle;
import com.penguinmails.ports.stack.StackDriver.Line;
import com.penguinmails.ports.stack.StackDriver.PlannedFile;
import com.penguinmails.ports.stack.StackDriver.PlannedStep;
import com.penguinmails.ports.stack.StackDriver.Source;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Makes the bundle of a plan: templates rendered, secrets filled in. The same plan and secrets
/// give the same bytes.
public final class HostBundles {
  private static final List<String> HELPERS =
      List.of("step.sh", "penguin-install", "penguin-leave", "penguin-step", "sudoers");
  private static final String FACTS = "steps/facts.sh";

  private final Templates templates;

  public HostBundles(Templates templates) {
    this.templates = templates;
  }

  /// Reads one version of a secret.
  @FunctionalInterface
  public interface Secrets {
    /// The secret's fields.
    Map<String, String> get(SecretRef reference);
  }

  /// @throws com.penguinmails.templates.TemplateException a template and its variables do not fit
  public HostBundle bundle(
      ServerId server, long version, List<PlannedStep> steps, Secrets secrets) {
    var files = new TreeMap<String, byte[]>();
    var manifest = new StringBuilder("server\t%s\nversion\t%d\n".formatted(server, version));
    files.put("step.sh", bytes(templates.text("host/step.sh")));
    templates.find(FACTS).ifPresent(facts -> files.put("facts.sh", bytes(facts)));
    HELPERS.forEach(name -> files.put("host/" + name, bytes(templates.text("host/" + name))));
    for (var step : steps) {
      var parts = parts(step, secrets);
      parts.forEach((path, content) -> {
        if (files.put(path, content) != null) {
          throw new IllegalArgumentException("two steps are called " + step.name());
        }
      });
      manifest.append("step\t%s\t%s\n".formatted(step.name(), hash(TarArchive.of(parts))));
    }
    files.put("MANIFEST", bytes(manifest.toString()));
    var archive = TarArchive.of(files);
    return new HostBundle(
        server, version, hash(archive), archive, steps.stream().map(PlannedStep::name).toList());
  }

  private SortedMap<String, byte[]> parts(PlannedStep step, Secrets secrets) {
    var name = step.name();
    if (!name.matches("[0-9]{3}-[a-z0-9-]{1,40}")) {
      throw new IllegalArgumentException("not the name of a step: \"" + name + "\"");
    }
    var parts = new TreeMap<String, byte[]>();
    parts.put(name + ".sh", bytes(templates.text(step.script())));
    parts.put(name + ".env", bytes(environment(step)));
    var list = new StringBuilder();
    for (int i = 0; i < step.files().size(); i++) {
      var file = step.files().get(i);
      var content = bytes(content(file.source(), secrets));
      list.append(listed(i, file, content));
      parts.put("files/" + name + "/" + i, content);
    }
    parts.put(name + ".files", bytes(list.toString()));
    return parts;
  }

  private static String listed(int number, PlannedFile file, byte[] content) {
    if (!file.target().matches("/[^\\p{Cntrl}]+")
        || !file.owner().matches("[a-z_][a-z0-9_-]*:[a-z_][a-z0-9_-]*")
        || !file.mode().matches("0[0-7]{3}")) {
      throw new IllegalArgumentException("not a file for a host: " + file.target());
    }
    return "%d\t%s\t%s\t%s\t%s\n"
        .formatted(number, file.target(), file.owner(), file.mode(), hash(content));
  }

  private static String environment(PlannedStep step) {
    var text = new StringBuilder();
    new TreeMap<>(step.inputs())
        .forEach((name, value) -> {
          if (!name.matches("[A-Z][A-Z0-9_]*")) {
            throw new IllegalArgumentException("not the name of an input: \"" + name + "\"");
          }
          text.append(name).append("='").append(value.replace("'", "'\\''")).append("'\n");
        });
    return text.toString();
  }

  private String content(Source source, Secrets secrets) {
    return switch (source) {
      case Source.Template(var path, var variables) -> templates.render(path, variables);
      case Source.Text(var content) -> content;
      case Source.Secret(var reference, var field) -> field(secrets, reference, field);
      case Source.SecretLines(var lines) -> {
        var text = new StringBuilder();
        for (Line line : lines) {
          text.append(line.prefix());
          line.reference()
              .ifPresent(
                  reference -> text.append(oneLine(field(secrets, reference, line.field()))));
          text.append(line.suffix()).append('\n');
        }
        yield text.toString();
      }
    };
  }

  private static String field(Secrets secrets, SecretRef reference, String field) {
    var value = secrets.get(reference).get(field);
    if (value == null) {
      throw new IllegalArgumentException("secret " + reference + " has no field " + field);
    }
    return value;
  }

  private static String oneLine(String value) {
    if (value.contains("\n")) {
      throw new IllegalArgumentException("a secret for one line has several");
    }
    return value;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
