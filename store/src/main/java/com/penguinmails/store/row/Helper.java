package com.penguinmails.store.row;

/// Who can help when something waits or is stuck.
public enum Helper {
  /// The customer: enter a record, correct a password.
  TENANT,
  /// Us.
  STAFF,
  /// Nobody needs to: it passes by itself.
  TIME
}
