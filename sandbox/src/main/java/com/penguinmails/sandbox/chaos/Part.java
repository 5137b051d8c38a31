package com.penguinmails.sandbox.chaos;

/// A process that may die.
enum Part {
  /// The second worker: the first one is chaos' own process.
  WORKER,
  TEMPORAL,
  POSTGRESQL,
  /// Only in worlds that keep their secrets there.
  VAULT
}
