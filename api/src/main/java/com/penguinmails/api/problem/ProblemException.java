package com.penguinmails.api.problem;

import java.util.List;
import java.util.Map;

/// Ends a request with a problem. The message is read by the caller.
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final ProblemType type;
  private final transient List<Fault> faults;
  private final transient Map<String, Object> facts;

  public ProblemException(ProblemType type, String detail) {
    this(type, detail, List.of(), Map.of());
  }

  /// @param facts what a program reads beside the words
  public ProblemException(ProblemType type, String detail, Map<String, Object> facts) {
    this(type, detail, List.of(), facts);
  }

  private ProblemException(
      ProblemType type, String detail, List<Fault> faults, Map<String, Object> facts) {
    super(detail);
    this.type = type;
    this.faults = List.copyOf(faults);
    this.facts = Map.copyOf(facts);
  }

  /// A request with fields at fault.
  public static ProblemException invalid(List<Fault> faults) {
    return new ProblemException(
        ProblemType.INVALID_REQUEST,
        faults.size() == 1
            ? "One field is not right: " + faults.getFirst().field() + "."
            : faults.size() + " fields are not right.",
        faults,
        Map.of());
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

  public Map<String, Object> facts() {
    return facts;
  }
}
