package com.penguinmails.ports.acme.acme4j;

import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;

/// What acme4j throws, in the words of the port.
final class Problems {
  /// For a CA that says "later" and not when. A guess: the shortest of Let's Encrypt's refill
  /// intervals are minutes, the usual ones hours.
  static final Duration DEFAULT_WAIT = Duration.ofHours(1);

  private static final String ERROR = "urn:ietf:params:acme:error:"; // RFC 8555, 6.7
  private static final Set<String> PASSING =
      Set.of(ERROR + "serverInternal", ERROR + "badNonce", ERROR + "orderNotReady");
  private static final int FIRST_SERVER_ERROR = 500;

  private Problems() {}

  /// A call to the CA.
  @FunctionalInterface
  interface Call<T> {
    T make() throws AcmeException;
  }

  /// Makes the call.
  ///
  /// @param what is tried, on what: "opening an order for a.example at ca.example"
  static <T> T asking(String what, Call<T> call) {
    try {
      return call.make();
    } catch (AcmeException e) {
      throw translate(what, e);
    } catch (NotFound e) {
      throw new Refused(what + " failed: " + e.getMessage());
    } catch (AcmeLazyLoadingException e) {
      throw e.getCause() instanceof AcmeException cause
          ? translate(what, cause)
          : new Unavailable(what + " failed", e);
    } catch (AcmeProtocolException e) {
      throw new Unavailable(what + ": the answer cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static OutsideException translate(String what, AcmeException failure) {
    return switch (failure) {
      case AcmeRateLimitedException limited ->
          new RateLimited(
              what + " was put off: " + words(limited.getProblem()),
              limited.getRetryAfter().map(Problems::until).orElse(DEFAULT_WAIT));
      case AcmeUserActionRequiredException action ->
          new Refused(
              what
                  + " needs a person to agree first: "
                  + words(action.getProblem())
                  + "; see "
                  + action.getInstance());
      case AcmeServerException refused when isPassing(refused.getProblem()) ->
          new Unavailable(what + " failed for now: " + words(refused.getProblem()), failure);
      case AcmeServerException refused ->
          new Refused(what + " was refused: " + words(refused.getProblem()));
      case AcmeNetworkException network ->
          new Unavailable(what + ": no connection (" + rootCause(network) + ")", failure);
      default -> new Unavailable(what + " failed: " + failure.getMessage(), failure);
    };
  }

  /// The problem as a sentence: detail, per-name details, and the type without its prefix.
  static String words(Problem problem) {
    var detail = problem.getDetail().or(problem::getTitle).orElse("no reason given");
    var parts =
        problem.getSubProblems().stream()
            .map(part ->
                part.getIdentifier().map(name -> name.getValue() + ": ").orElse("")
                    + part.getDetail().orElse("no reason given"))
            .collect(Collectors.joining("; "));
    var type = problem.getType().toString();
    return detail
        + (parts.isEmpty() ? "" : " [" + parts + "]")
        + " ("
        + (type.startsWith(ERROR) ? type.substring(ERROR.length()) : type)
        + ")";
  }

  /// True when the CA does not know what it was asked about, as after losing its memory.
  static boolean isNotFound(Exception failure) {
    return failure instanceof NotFound
        || (failure instanceof AcmeServerException server
            && status(server.getProblem()) == ReadableConnection.NOT_FOUND);
  }

  /// True when the CA said no, and not "later".
  static boolean isRefusal(Exception failure) {
    return isNotFound(failure)
        || (failure instanceof AcmeServerException server
            && !(failure instanceof AcmeRateLimitedException)
            && !isPassing(server.getProblem()));
  }

  /// HTTP 404 without a problem document.
  static final class NotFound extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotFound(String message) {
      super(message);
    }
  }

  private static boolean isPassing(Problem problem) {
    return PASSING.contains(problem.getType().toString()) || status(problem) >= FIRST_SERVER_ERROR;
  }

  private static int status(Problem problem) {
    return problem.asJSON().get("status").map(value -> value.asInt()).orElse(0);
  }

  private static Duration until(Instant instant) {
    var wait = Duration.between(Instant.now(), instant);
    return wait.isPositive() ? wait : Duration.ofSeconds(1);
  }

  private static String rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName()
        + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
  }
}
