package com.penguinmails.sandbox.chaos;

import com.penguinmails.workflows.certificate.CertificateActivities;
import com.penguinmails.workflows.domain.DomainActivities;
import com.penguinmails.workflows.mailbox.MailboxActivities;
import com.penguinmails.workflows.server.OrderActivities;
import com.penguinmails.workflows.server.ServerActivities;
import com.penguinmails.workflows.server.TriageActivities;
import com.penguinmails.workflows.setup.IncidentActivities;
import com.penguinmails.workflows.setup.ProofActivities;
import com.penguinmails.workflows.setup.SetupActivities;
import com.penguinmails.workflows.sweep.DomainSweepActivities;
import com.penguinmails.workflows.sweep.HostSweepActivities;
import com.penguinmails.workflows.sweep.SweepActivities;
import io.temporal.common.metadata.POJOActivityInterfaceMetadata;
import io.temporal.common.metadata.POJOActivityMethodMetadata;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Every activity that there is, read from the interfaces: a new one is known on the day it is
/// written.
public final class AllActivities {
  private static final Set<Class<?>> INTERFACES =
      Set.of(
          SetupActivities.class,
          IncidentActivities.class,
          ProofActivities.class,
          ServerActivities.class,
          OrderActivities.class,
          TriageActivities.class,
          DomainActivities.class,
          CertificateActivities.class,
          MailboxActivities.class,
          SweepActivities.class,
          DomainSweepActivities.class,
          HostSweepActivities.class);

  private AllActivities() {}

  public static Set<Class<?>> interfaces() {
    return INTERFACES;
  }

  /// Types such as `Server.Apply`.
  public static Set<String> types() {
    return INTERFACES.stream()
        .map(POJOActivityInterfaceMetadata::newInstance)
        .flatMap(type -> type.getMethodsMetadata().stream())
        .map(POJOActivityMethodMetadata::getActivityTypeName)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
