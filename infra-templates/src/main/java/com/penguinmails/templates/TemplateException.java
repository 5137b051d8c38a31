package com.penguinmails.templates;

/// A template and its variables do not fit. The message names template, line and variable, never a
/// value.
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TemplateException(String message) {
    super(message);
  }
}
