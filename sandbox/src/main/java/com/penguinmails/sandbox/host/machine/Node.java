package com.penguinmails.sandbox.host.machine;

/// One entry of a disk.
///
/// @param content of a file; the target of a link; empty for a directory
/// @param owner `user:group`
/// @param mode octal, four digits, such as `0644`
public record Node(Kind kind, String content, String owner, String mode) {
  /// What an entry can be.
  public enum Kind {
    FILE,
    DIRECTORY,
    LINK
  }
}
