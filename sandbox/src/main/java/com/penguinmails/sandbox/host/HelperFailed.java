package com.penguinmails.sandbox.host;

/// One of our helpers ended with another code than 0.
final class HelperFailed extends RuntimeException {
  static final int WRONG_ARGUMENTS = 64;
  static final int NOT_ACCEPTABLE = 65;
  static final int NO_BUNDLE = 66;
  static final int BUSY = 75;
  static final int OTHER_SERVER = 77;
  static final int OLDER_VERSION = 78;

  private static final long serialVersionUID = 1;
  private final int code;

  HelperFailed(int code, String message) {
    super(message);
    this.code = code;
  }

  int code() {
    return code;
  }

  String said() {
    return String.valueOf(getMessage());
  }
}
