package com.penguinmails.sandbox.docker;

/// An image could be neither pulled nor built. The message carries the last lines of the attempt.
public final class ImageNotBuilt extends RuntimeException {
  private static final long serialVersionUID = 1;

  ImageNotBuilt(String message) {
    super(message);
  }

  ImageNotBuilt(String message, Throwable cause) {
    super(message, cause);
  }
}
