package com.penguinmails.ports.stack.debian;

import com.penguinmails.ports.stack.StackDriver.PlannedFile;
import com.penguinmails.ports.stack.StackDriver.Source;
import java.util.Map;

/// Files whose path on the host is their path among the templates.
final class Files {
  private Files() {}

  /// A file of every host.
  static PlannedFile ofHost(String target, String mode, Map<String, Object> variables) {
    return template("steps/files" + target, target, "root:root", mode, variables);
  }

  /// A file of this stack.
  static PlannedFile ofStack(
      String target, String owner, String mode, Map<String, Object> variables) {
    return template("stacks/debian/files" + target, target, owner, mode, variables);
  }

  /// A file of this stack that is made several times, each at another place.
  static PlannedFile template(
      String path, String target, String owner, String mode, Map<String, Object> variables) {
    return new PlannedFile(target, new Source.Template(path, variables), owner, mode);
  }
}
