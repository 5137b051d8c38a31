package com.penguinmails.activities.setup;

import com.penguinmails.store.certificate.CertificateStore;
import com.penguinmails.store.certificate.ChallengeStore;
import com.penguinmails.store.decision.DecisionStore;
import com.penguinmails.store.domain.DkimKeyStore;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.domain.OwnershipStore;
import com.penguinmails.store.domain.RecordStateStore;
import com.penguinmails.store.domain.ZoneLeaseStore;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.mailbox.MailboxStore;
import com.penguinmails.store.proof.ProofStore;
import com.penguinmails.store.server.DesiredHosts;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.setup.HoldStore;
import com.penguinmails.store.setup.ProgressStore;
import com.penguinmails.store.setup.RetirementStore;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.setup.SpentSecretStore;
import com.penguinmails.store.sweep.FindingStore;
import com.penguinmails.store.sweep.StrayStore;
import com.penguinmails.store.tenancy.Tenancy;

/// Every store on one tenancy.
public record Stores(
    Tenancy tenancy,
    SetupStore setups,
    ServerStore servers,
    OrderStore orders,
    DesiredHosts desiredHosts,
    DomainStore domains,
    OwnershipStore ownership,
    DkimKeyStore dkimKeys,
    RecordStateStore records,
    ZoneLeaseStore zoneLeases,
    CertificateStore certificates,
    ChallengeStore challenges,
    MailboxStore mailboxes,
    ProgressStore progress,
    HoldStore holds,
    DecisionStore decisions,
    IncidentStore incidents,
    ProofStore proofs,
    RetirementStore retirements,
    SpentSecretStore spentSecrets,
    FindingStore findings,
    StrayStore strays) {

  /// All of them.
  public static Stores on(Tenancy tenancy) {
    return new Stores(
        tenancy,
        new SetupStore(tenancy),
        new ServerStore(tenancy),
        new OrderStore(tenancy),
        new DesiredHosts(tenancy),
        new DomainStore(tenancy),
        new OwnershipStore(tenancy),
        new DkimKeyStore(tenancy),
        new RecordStateStore(tenancy),
        new ZoneLeaseStore(tenancy),
        new CertificateStore(tenancy),
        new ChallengeStore(tenancy),
        new MailboxStore(tenancy),
        new ProgressStore(tenancy),
        new HoldStore(tenancy),
        new DecisionStore(tenancy),
        new IncidentStore(tenancy),
        new ProofStore(tenancy),
        new RetirementStore(tenancy),
        new SpentSecretStore(tenancy),
        new FindingStore(tenancy),
        new StrayStore(tenancy));
  }
}
