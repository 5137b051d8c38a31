package com.penguinmails.sandbox.vps;

import java.time.Duration;

/// What may happen to a call of the simulated provider, on purpose.
public sealed interface ProviderFault {
  /// HTTP 200 with an error that can be read; nothing was done.
  record SaysNo(String message) implements ProviderFault {}

  /// HTTP 403 as for a wrong key, or a caller who is not on the list.
  record NotAuthorized() implements ProviderFault {}

  /// HTTP 429: too many calls; nothing was done.
  record AsksToWait(Duration retryAfter) implements ProviderFault {}

  /// An HTML page of something in front of the API; nothing was done.
  record Html(int status) implements ProviderFault {}

  /// The connection ends before the call was heard.
  record CutBefore() implements ProviderFault {}

  /// It was done, and charged, but the answer is lost.
  record AnswerLost() implements ProviderFault {}

  /// It was done, but what comes back is an HTML page.
  record HtmlAfter(int status) implements ProviderFault {}

  /// Answered properly, but late.
  record Slow(Duration delay) implements ProviderFault {}

  /// Claims success and does nothing.
  record Pretend() implements ProviderFault {}

  /// Claims that there is nothing, as a list that purchases reach late.
  record ListsNothing() implements ProviderFault {}

  /// Somebody strikes in this very moment, such as who kills the caller; there is no answer.
  ///
  /// @param isHeard it is done before the strike; else never
  record Strikes(Runnable strike, boolean isHeard) implements ProviderFault {}

  /// Done twice: two servers under one label.
  record Twice() implements ProviderFault {}
}
