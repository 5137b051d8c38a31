package com.penguinmails.workflows.temporal;

/// A decision of ours stands against going on. Thrown and caught inside one workflow; it never
/// leaves it.
public final class Stopped extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Trouble trouble;

  public Stopped(Trouble trouble) {
    super(trouble.cause() + ": " + trouble.evidence());
    this.trouble = trouble;
  }

  /// Why.
  public Trouble trouble() {
    return trouble;
  }
}
