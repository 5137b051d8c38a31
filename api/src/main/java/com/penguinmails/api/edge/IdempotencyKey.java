package com.penguinmails.api.edge;

import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The header by which a repeated request is known.
public final class IdempotencyKey {
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

  private IdempotencyKey() {}

  /// @throws ProblemException missing, or not one
  public static String checked(@Nullable String header) {
    return Optional.ofNullable(header)
        .filter(text -> KEY.matcher(text).matches())
        .orElseThrow(() ->
            new ProblemException(
                ProblemType.IDEMPOTENCY_KEY_MISSING,
                "Send the header Idempotency-Key with 1 to 200 visible ASCII characters."));
  }
}
