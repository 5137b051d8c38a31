package com.penguinmails.workflows.temporal;

import io.temporal.workflow.SignalMethod;

/// A workflow that asks entities for something and is told how it went. A reply to a run that has
/// ended is dropped quietly.
public interface Asker {
  /// The entity has reached the version.
  @SignalMethod
  void done(Done reply);

  /// The entity cannot go on by itself; it tries again when asked and after a while.
  @SignalMethod
  void stuck(Stuck reply);

  /// @param from workflow id of the entity
  record Done(String from, long version) {}

  /// @param cause one of the causes of the message catalogue
  /// @param evidence what was seen, without secrets
  record Stuck(String from, long version, String cause, String evidence) {}
}
