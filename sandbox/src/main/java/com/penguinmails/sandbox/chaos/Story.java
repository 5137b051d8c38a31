package com.penguinmails.sandbox.chaos;

import java.util.Random;

/// What a run's tenant does. A server is bought, unless it is said otherwise.
enum Story {
  /// Orders a set-up.
  PROOF,
  /// Orders one, and mailboxes once it is proved; removes one of them.
  MAILBOXES,
  /// Orders one, and cancels it at some moment.
  CANCEL,
  /// The same by mistake, and takes it back at once.
  MISTAKE,
  /// Orders one, and when it is proved another server for the domain.
  MOVE,
  /// Orders one, and gives it up when it is proved.
  RETIRE,
  /// The same on a server of their own.
  OWN;

  private static final int OF = 16;

  static Story of(FaultChoice choice) {
    Random random = choice.random("story");
    return switch (random.nextInt(OF)) {
      case 0, 1, 2 -> CANCEL;
      case 3 -> RETIRE;
      case 4 -> MAILBOXES;
      case 5 -> MISTAKE;
      case 6 -> MOVE;
      case 7 -> OWN;
      default -> PROOF;
    };
  }
}
