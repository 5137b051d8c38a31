package com.penguinmails.worker.staff;

import java.io.Serial;

/// Staff's word was sent, and nobody knows whether it was taken. The message says what helps.
final class NotKnown extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  NotKnown(String said, Throwable cause) {
    super(said, cause);
  }
}
