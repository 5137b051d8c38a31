package com.penguinmails.ports.stack;

import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.SecretRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Knows one mail stack: turns desired state into steps, in order, with their inputs and files.
/// Pure: it reads nothing and writes nothing; secrets stay references.
public interface StackDriver {
  /// The stack this driver makes.
  DesiredHost.Stack stack();

  /// What the stack can and cannot do.
  Capabilities capabilities();

  /// All steps for this desired state, in the order they are applied. Steps whose inputs are not
  /// there yet (no certificate) are left out. The same desired state gives the same plan.
  List<PlannedStep> plan(DesiredHost desired);

  /// @param maxIps sending addresses one server can use
  /// @param multiSelectorDkim several DKIM keys may be loaded for one domain
  /// @param liveBackup a backup needs no stop
  record Capabilities(int maxIps, boolean multiSelectorDkim, boolean liveBackup) {}

  /// One step. Its input hash covers script, inputs and files.
  ///
  /// @param script path below `infra-templates`, such as `steps/090-unbound.sh`
  /// @param inputs environment of the step; names in capitals
  record PlannedStep(String script, Map<String, String> inputs, List<PlannedFile> files) {
    public PlannedStep {
      inputs = Map.copyOf(inputs);
      files = List.copyOf(files);
    }

    /// The step's own name, such as `090-unbound`.
    public String name() {
      return script.substring(script.lastIndexOf('/') + 1).replace(".sh", "");
    }
  }

  /// One file on the host.
  ///
  /// @param target absolute path on the host
  /// @param owner `user:group`
  /// @param mode octal, such as `0640`
  record PlannedFile(String target, Source source, String owner, String mode) {}

  /// Where a file's content comes from.
  sealed interface Source {
    /// A template below `infra-templates`; an unknown or unused variable is an error.
    record Template(String path, Map<String, Object> variables) implements Source {
      public Template {
        variables = Map.copyOf(variables);
      }
    }

    /// Text that holds no secret.
    record Text(String content) implements Source {}

    /// One field of a secret.
    record Secret(SecretRef reference, String field) implements Source {}

    /// Lines, each a prefix, one field of a secret, and a suffix (`user:` hash `::::::`).
    record SecretLines(List<Line> lines) implements Source {
      public SecretLines {
        lines = List.copyOf(lines);
      }
    }
  }

  /// One line of a file of secrets.
  record Line(String prefix, Optional<SecretRef> reference, String field, String suffix) {}
}
