package com.penguinmails.api.problem;

import com.penguinmails.api.edge.RequestId;
import java.util.List;
import org.springframework.http.ProblemDetail;

/// Makes the bodies of error answers.
public final class Problems {
  /// How soon a request that failed with 503 may come again.
  public static final String RETRY_AFTER_SECONDS = "5";

  private Problems() {}

  public static ProblemDetail of(ProblemType type, String detail) {
    return of(type, detail, List.of());
  }

  static ProblemDetail of(ProblemType type, String detail, List<Fault> faults) {
    var problem = ProblemDetail.forStatusAndDetail(type.status(), detail);
    problem.setType(type.uri());
    problem.setTitle(type.title());
    RequestId.current().ifPresent(id -> problem.setProperty("requestId", id));
    if (!faults.isEmpty()) {
      problem.setProperty("faults", faults);
    }
    return problem;
  }
}
