package com.penguinmails.worker.staff;

import java.io.Serial;

/// Staff's word did not reach the work, or was refused by it. The message says which, and what
/// helps.
final class NotTaken extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  NotTaken(String said) {
    super(said);
  }

  NotTaken(String said, Throwable cause) {
    super(said, cause);
  }
}
