package com.penguinmails.api.problem;

import com.penguinmails.workflows.model.OutsideException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/// Turns whatever ends a request into a problem. Exceptions' texts are for us: only those of
/// `ProblemException`, which are written for the caller, leave the house.
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  @ExceptionHandler
  ResponseEntity<Object> handle(ProblemException e) {
    var answer = ResponseEntity.status(e.type().status());
    if (e.type() == ProblemType.UNAVAILABLE) {
      answer.header(HttpHeaders.RETRY_AFTER, Problems.RETRY_AFTER_SECONDS);
    }
    if (e.type() == ProblemType.UNAUTHENTICATED) {
      answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    var problem = Problems.of(e.type(), String.valueOf(e.getMessage()), e.faults());
    e.facts().forEach(problem::setProperty);
    return answer.contentType(MediaType.APPLICATION_PROBLEM_JSON).body(problem);
  }

  @ExceptionHandler({
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class,
    CannotCreateTransactionException.class,
    OutsideException.Unavailable.class
  })
  ResponseEntity<Object> handleAway(Exception e) {
    log.atWarn().setCause(e).log("Request not served: a part is out of reach");
    return handle(
        new ProblemException(
            ProblemType.UNAVAILABLE,
            "A part of the orchestrator is out of reach right now. Nothing is lost: ask again, with"
                + " the same Idempotency-Key, after the time in Retry-After."));
  }

  /// The secret store does not let us in: as good as away, until staff mend it.
  @ExceptionHandler
  ResponseEntity<Object> handleRefused(OutsideException.Refused e) {
    return e.ownCause().isPresent() ? handleAway(e) : handleOurs(e);
  }

  @ExceptionHandler
  ResponseEntity<Object> handleOurs(Exception e) {
    log.atError().setCause(e).log("Request failed");
    return handle(
        new ProblemException(ProblemType.INTERNAL, "The request failed through a fault of ours."));
  }

  @Override
  protected ResponseEntity<Object> handleExceptionInternal(
      Exception e,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    var type = ProblemType.of(status.value());
    if (type == ProblemType.INTERNAL) {
      log.atError().setCause(e).log("Request failed");
    }
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(Problems.of(type, type.explanation()));
  }
}
