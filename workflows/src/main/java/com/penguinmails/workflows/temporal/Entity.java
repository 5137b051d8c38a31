package com.penguinmails.workflows.temporal;

import io.temporal.workflow.SignalMethod;

/// A workflow that lives as long as the thing it looks after and makes it what the database says.
public interface Entity {
  /// The desired state has this version now. An older one than already reached is answered at once.
  @SignalMethod
  void wanted(Wanted wanted);
}
