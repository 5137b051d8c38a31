package com.penguinmails.workflows.model;

/// Every rule that decides something, and the name rows have for it: the class where it stands.
/// What it can answer: [Answer]. Names are stored: never change or reuse one.
public enum Rule {
  PURCHASE("PurchaseDecision"),
  ADDRESS("AddressDecision"),
  TRIAGE("ServerTriage"),
  PREFLIGHT("PreflightDecision"),
  OWNERSHIP("OwnershipDecision"),
  RECORD_PLAN("RecordPlan"),
  CAA("CaaDecision"),
  RENEWAL("CertificateAuthority"),
  PROOF("ProofVerdict"),
  REPAIR("Repair");

  private final String text;

  Rule(String text) {
    this.text = text;
  }

  /// As rows have it.
  public String text() {
    return text;
  }
}
