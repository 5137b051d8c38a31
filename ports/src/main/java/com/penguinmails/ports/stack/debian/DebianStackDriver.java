package com.penguinmails.ports.stack.debian;

import com.penguinmails.ports.stack.StackDriver;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import java.util.ArrayList;
import java.util.List;

/// Postfix, Dovecot and OpenDKIM from Debian 12's packages, on a host made ready for them.
///
/// The plan has two parts. The first needs no certificate and does nearly all the slow work: the
/// packages, the base of the host, keys and mailboxes. The second, once a certificate is there,
/// configures and starts what talks to the world. In between no mail service runs: the package step
/// masks them.
public final class DebianStackDriver implements StackDriver {
  @Override
  public Stack stack() {
    return Stack.DEBIAN;
  }

  /// One sending address: `transport_maps` overrides `sender_dependent_default_transport_maps`
  /// (postconf(5)), so one Postfix cannot combine an address by sender with a pace by receiver.
  @Override
  public Capabilities capabilities() {
    return new Capabilities(1, true, true);
  }

  @Override
  public List<PlannedStep> plan(DesiredHost desired) {
    var steps = new ArrayList<>(BaseHost.steps(desired));
    var mail = new MailServices(desired);
    boolean signs = mail.everyDomainHasKey();
    if (signs) {
      steps.add(mail.openDkim());
    }
    steps.add(mail.mtaStsOfReceivers());
    steps.add(mail.mailboxes());
    if (desired.certificate().isPresent()) {
      steps.add(mail.tls(desired.certificate().get()));
      steps.add(mail.dovecot());
      if (signs) { // a domain without a key would send unsigned, or wait for a milter that is not
        // there
        steps.add(mail.postfix());
      }
      if (!desired.domains().isEmpty()) {
        steps.add(mail.web());
      }
    }
    return List.copyOf(steps);
  }
}
