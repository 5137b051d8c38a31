package com.penguinmails.workflows.temporal;

/// A fact that can say in a sentence how it is known. No secret, no mail address.
public interface Evident {
  String evidence();
}
