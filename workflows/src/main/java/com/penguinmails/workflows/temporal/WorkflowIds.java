package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;

/// Workflow ids: kind and row id, so that one thing has one workflow. A rehearsal's own begin with
/// `rehearsal/`.
public final class WorkflowIds {
  private WorkflowIds() {}

  public static String of(SetupId setup) {
    return Rehearsals.idHere("setup/" + setup);
  }

  public static String of(ServerId server) {
    return Rehearsals.idHere("server/" + server);
  }

  /// Who a server answers when the API asked it: nobody. The rows say how far it is.
  public static String askedByApi(ServerId server) {
    return "api/" + server;
  }

  /// Who an entity answers when staff restarted it: nobody, as above.
  public static String askedByStaff() {
    return "staff/restart";
  }

  /// Of the sweep of one seller's account: its Schedule's, and the beginning of its runs'.
  public static String sweepOf(String provider) {
    return "sweep/provider/" + provider;
  }

  /// Of the sweep of all domains, as above.
  public static String sweepOfDomains() {
    return "sweep/domains";
  }

  /// Of the sweep of all hosts, as above.
  public static String sweepOfHosts() {
    return "sweep/hosts";
  }

  /// Of the repair of what a sweep found.
  public static String repairOf(IncidentId incident) {
    return "repair/" + incident;
  }

  /// Who an entity answers when a sweep found something to do: nobody, as above.
  public static String askedBySweep() {
    return "sweep/found";
  }

  public static String of(DomainId domain) {
    return Rehearsals.idHere("domain/" + domain);
  }

  public static String of(CertificateId certificate) {
    return Rehearsals.idHere("certificate/" + certificate);
  }
}
