package com.penguinmails.sandbox.host.machine;

/// Something that changed on a machine.
///
/// @param name of the step or unit; of the machine itself when it is switched on or off
public record HostEvent(Kind kind, String name) {
  /// What happened.
  public enum Kind {
    STEP_APPLIED,
    UNIT_STARTED,
    UNIT_RELOADED,
    UNIT_STOPPED,
    BOOTED,
    SWITCHED_OFF,
    RETIRED
  }
}
