package com.penguinmails.api.problem;

import java.util.List;

/// Ends a request with a problem. The message is read by the caller.
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final ProblemType type;
  private final transient List<Fault> faults;

  public ProblemException(ProblemType type, String detail) {
    this(type, detail, List.of());
  }

  private ProblemException(ProblemType type, String detail, List<Fault> faults) {
    super(detail);
    this.type = type;
    this.faults = List.copyOf(faults);
  }

  /// A request with fields at fault.
  public static ProblemException invalid(List<Fault> faults) {
    return new ProblemException(
        ProblemType.INVALID_REQUEST,
        faults.size() == 1
            ? "One field is not right: " + faults.getFirst().field() + "."
            : faults.size() + " fields are not right.",
        faults);
  }

  /// Absent, or somebody else's: the answer is the same.
  public static ProblemException notFound(String what) {
    return new ProblemException(ProblemType.NOT_FOUND, "There is no such " + what + ".");
  }

  public ProblemType type() {
    return type;
  }

  public List<Fault> faults() {
    return faults;
  }
}
