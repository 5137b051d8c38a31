package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;

/// Workflow ids: kind and row id, so that one thing has one workflow.
public final class WorkflowIds {
  private WorkflowIds() {}

  public static String of(SetupId setup) {
    return "setup/" + setup;
  }

  public static String of(ServerId server) {
    return "server/" + server;
  }

  /// Who a server answers when the API asked it: nobody. The rows say how far it is.
  public static String askedByApi(ServerId server) {
    return "api/" + server;
  }

  public static String of(DomainId domain) {
    return "domain/" + domain;
  }

  public static String of(CertificateId certificate) {
    return "certificate/" + certificate;
  }
}
