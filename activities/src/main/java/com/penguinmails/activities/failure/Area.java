package com.penguinmails.activities.failure;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.FailureType;

/// Whom an activity talks to, and so what a failure means.
public enum Area {
  STORE(Cause.OURS, Cause.OURS, Cause.OURS),
  HOST(Cause.HOST_UNREACHABLE, Cause.HOST_LOGIN_REFUSED, Cause.HOST_STEP_FAILED),
  DNS(Cause.DNS_UNREACHABLE, Cause.DNS_LOGIN_REFUSED, Cause.DNS_REFUSED),
  CA(Cause.CA_UNREACHABLE, Cause.CA_REFUSED, Cause.CA_REFUSED),
  VPS(Cause.PROVIDER_UNREACHABLE, Cause.PROVIDER_LOGIN_REFUSED, Cause.PROVIDER_REFUSED),
  MAIL(
      Cause.PROOF_SUBMISSION_REFUSED,
      Cause.PROOF_SUBMISSION_REFUSED,
      Cause.PROOF_SUBMISSION_REFUSED);

  private final Cause unavailable;
  private final Cause loginRefused;
  private final Cause refused;

  Area(Cause unavailable, Cause loginRefused, Cause refused) {
    this.unavailable = unavailable;
    this.loginRefused = loginRefused;
    this.refused = refused;
  }

  /// The area of an activity, from the first part of its type: `Server.Apply`.
  public static Area of(String activityType) {
    return switch (activityType) {
      case "Certificate.CheckCaa",
          "Certificate.ShowChallenges",
          "Certificate.HideChallenges",
          "Order.Judge" ->
          DNS;
      case "Server.Facts",
          "Server.Applied",
          "Domain.Prepare",
          "Domain.AwaitAddress",
          "Order.Found",
          "Order.ConfirmNotBought",
          "Sweep.Repaired" ->
          STORE;
      default ->
          switch (activityType.substring(0, activityType.indexOf('.'))) {
            case "Server" -> HOST;
            case "Order", "Triage", "Sweep" -> VPS;
            case "Domain" -> DNS;
            case "Certificate" -> CA;
            case "Proof" -> MAIL;
            default -> STORE;
          };
    };
  }

  /// What a failure of this kind means here.
  public Cause cause(FailureType type) {
    return switch (type) {
      case UNAVAILABLE, NOT_YET -> unavailable;
      case RATE_LIMITED -> this == CA ? Cause.CA_RATE_LIMITED : unavailable;
      case LOGIN_REFUSED -> loginRefused;
      case HOST_KEY_CHANGED -> Cause.HOST_KEY_CHANGED;
      case REFUSED, STEP_FAILED -> refused;
      case SUPERSEDED, INVALID -> Cause.OURS;
    };
  }
}
