package com.penguinmails.workflows.model;

/// Why something cannot go on by itself. Stored in histories and rows: never rename one. The
/// tenant's words for each (cause, next step) are in the API's message catalogue.
public enum Cause {
  HOST_UNREACHABLE(Helper.TENANT),
  HOST_LOGIN_REFUSED(Helper.TENANT),
  HOST_KEY_CHANGED(Helper.TENANT),
  HOST_NOT_DEBIAN_12(Helper.TENANT),
  HOST_TOO_SMALL(Helper.TENANT),
  HOST_DISK_FULL(Helper.TENANT),
  HOST_FOREIGN_MAIL_SERVICE(Helper.TENANT),
  HOST_CLOCK_SKEWED(Helper.TENANT),
  HOST_PACKAGES_LOCKED(Helper.TIME),
  HOST_PACKAGES_CONFLICT(Helper.TENANT),
  HOST_MIRROR_DOWN(Helper.TIME),
  HOST_STEP_FAILED(Helper.STAFF),
  DNS_LOGIN_REFUSED(Helper.TENANT),
  DNS_UNREACHABLE(Helper.TIME),
  DNS_REFUSED(Helper.TENANT),
  DNS_NOT_DELEGATED(Helper.TENANT),
  DNS_FOREIGN_MX(Helper.TENANT),
  DNS_RECORD_CONFLICT(Helper.TENANT),
  DNS_NOT_VISIBLE(Helper.TIME),
  CA_FORBIDDEN_BY_CAA(Helper.TENANT),
  CA_UNREACHABLE(Helper.TIME),
  CA_RATE_LIMITED(Helper.TIME),
  CA_REFUSED(Helper.STAFF),
  CA_AUTHORISATION_FAILED(Helper.TIME),
  PROOF_MESSAGE_NOT_ARRIVED(Helper.TIME),
  PROOF_SUBMISSION_REFUSED(Helper.STAFF),
  PROOF_REVERSE_NAME_WRONG(Helper.TENANT),
  PROOF_CHECK_FAILED(Helper.STAFF),
  SECRET_STORE_UNAVAILABLE(Helper.STAFF),
  OURS(Helper.STAFF);

  /// Who can lift a cause.
  public enum Helper {
    /// The tenant must act; the incident says how.
    TENANT,
    /// Our staff must look.
    STAFF,
    /// Nobody needs to act: it usually passes, and we keep trying.
    TIME
  }

  private final Helper helper;

  Cause(Helper helper) {
    this.helper = helper;
  }

  /// The cause as rows, the message catalogue and the API write it: `host-login-refused`.
  public String code() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /// Who can lift it.
  public Helper helper() {
    return helper;
  }
}
