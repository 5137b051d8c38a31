package com.penguinmails.store.decision;

/// What a person said, or the product did because its time had come, as the audit has it and as it
/// belongs into a story. What is not here stays in the audit. The API has a sentence for each, and
/// does not start without.
public enum Word {
  SETUP_REQUESTED("setup.requested"),
  SETUP_RETRY_REQUESTED("setup.retry_requested"),
  SETUP_HELD("setup.held"),
  SETUP_RESUMED("setup.resumed"),
  SETUP_HOLD_ENDED("setup.hold_ended"),
  SETUP_CANCEL_REQUESTED("setup.cancel_requested"),
  SETUP_RETIRE_WANTED("setup.retire_wanted"),
  SETUP_RETIRING("setup.retiring"),
  SETUP_FINISHED("setup.finished"),
  SERVER_ORDERED("server.ordered"),
  SERVER_BUDGET_CORRECTED("server.budget_corrected"),
  SERVER_FIRST_LOGIN_CORRECTED("server.first_login_corrected"),
  SERVER_ADOPTED("server.adopted"),
  SERVER_NOT_BOUGHT("server.not_bought"),
  SERVER_BOUGHT("server.bought"),
  SERVER_PARKED("server.parked"),
  SERVER_ORDER_CLOSED("server.order_closed"),
  SERVER_RETIRED("server.retired"),
  INCIDENT_CLOSED("incident.closed"),
  DOMAIN_ZONE_KEY_CORRECTED("domain.zone_key_corrected"),
  DOMAIN_MX_REPLACE_ALLOWED("domain.mx_replace_allowed"),
  DOMAIN_PROOF_MISSING("domain.proof_missing"),
  DOMAIN_PROOF_SEEN_AGAIN("domain.proof_seen_again"),
  DOMAIN_OWNERSHIP_LOST("domain.ownership_lost"),
  DOMAIN_MOVED("domain.moved"),
  DOMAIN_WITHDRAWN("domain.withdrawn"),
  MAILBOX_ORDERED("mailbox.ordered"),
  MAILBOX_PASSWORD_RESET("mailbox.password_reset"),
  MAILBOX_REMOVED("mailbox.removed"),
  MAILBOX_RESTORED("mailbox.restored");

  private final String action;

  Word(String action) {
    this.action = action;
  }

  /// As the audit names it.
  public String action() {
    return action;
  }
}
