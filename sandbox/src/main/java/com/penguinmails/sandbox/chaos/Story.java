package com.penguinmails.sandbox.chaos;

import java.util.Random;

/// What a run's tenant does. A server is bought in each.
enum Story {
  /// Orders a set-up.
  PROOF,
  /// Orders one, and mailboxes once it is proved; removes one of them.
  MAILBOXES,
  /// Orders one, and cancels it at some moment.
  CANCEL,
  /// Orders one, and gives it up when it is proved.
  RETIRE;

  static Story of(FaultChoice choice) {
    Random random = choice.random("story");
    return switch (random.nextInt(10)) {
      case 0, 1 -> CANCEL;
      case 2 -> RETIRE;
      case 3 -> MAILBOXES;
      default -> PROOF;
    };
  }
}
