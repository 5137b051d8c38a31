package com.penguinmails.api.edge;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// The id that ties an answer to our logs. The caller's own is kept when it is harmless to log.
public final class RequestId {
  /// The header, in and out.
  public static final String HEADER = "X-Request-Id";

  static final String MDC_KEY = "request";
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestId() {}

  /// The id of the request this thread serves.
  public static Optional<String> current() {
    return Optional.ofNullable(MDC.get(MDC_KEY));
  }

  static String orNew(@Nullable String fromCaller) {
    return fromCaller != null && HARMLESS.matcher(fromCaller).matches()
        ? fromCaller
        : UUID.randomUUID().toString();
  }
}
