package com.penguinmails.store.setup;

import com.penguinmails.store.certificate.CertificateStore.Certificate;
import com.penguinmails.store.domain.DkimKeyStore.DkimKey;
import com.penguinmails.store.domain.Domain;
import com.penguinmails.store.domain.RecordStateStore.RecordState;
import com.penguinmails.store.incident.IncidentStore.Incident;
import com.penguinmails.store.mailbox.MailboxStore.Mailbox;
import com.penguinmails.store.proof.ProofStore.Proof;
import com.penguinmails.store.server.Server;
import java.util.List;
import java.util.Optional;

/// Everything the start of a run needs to know, as of one moment: what is done is not done again.
///
/// @param proof the newest one
/// @param incidents open ones of this set-up
public record SetupFacts(
    Setup setup,
    Server server,
    Domain domain,
    List<DkimKey> dkimKeys,
    List<RecordState> records,
    Certificate certificate,
    List<Mailbox> mailboxes,
    Optional<Proof> proof,
    List<Incident> incidents) {
  public SetupFacts {
    dkimKeys = List.copyOf(dkimKeys);
    records = List.copyOf(records);
    mailboxes = List.copyOf(mailboxes);
    incidents = List.copyOf(incidents);
  }
}
