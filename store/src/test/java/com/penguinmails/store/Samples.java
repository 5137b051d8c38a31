package com.penguinmails.store;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.domain.DomainStore.NewDomain;
import com.penguinmails.store.server.ServerStore.NewServer;
import com.penguinmails.store.setup.NewSetup;
import com.penguinmails.store.setup.NewSetup.ServerChoice;
import com.penguinmails.store.setup.Plan.Source;
import com.penguinmails.store.setup.Plan.Wish;
import com.penguinmails.store.setup.PlanStore.NewPlan;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rows as tests need them.
public final class Samples {
  private Samples() {}

  /// A set-up as the API would write it: one domain, one server, two mailboxes.
  public static NewSetup newSetup(
      WorkspaceId workspace, String key, String domain, String address) {
    var server = new ServerId(UuidCreator.getTimeOrderedEpoch());
    var name = new DomainName(domain);
    return new NewSetup(
        new SetupId(UuidCreator.getTimeOrderedEpoch()),
        workspace,
        key,
        "hash-of-" + domain + "-" + address,
        new ServerChoice.Own(
            new NewServer(
                server,
                "existing",
                Stack.DEBIAN,
                22,
                name.child("mail"),
                "root",
                Optional.of(new SecretRef("setup/" + key + "/server", 1))),
            new IpAddress(address)),
        new NewDomain(
            new DomainId(UuidCreator.getTimeOrderedEpoch()),
            workspace,
            server,
            name,
            name,
            "rfc2136",
            Map.of("server", "192.0.2.53", "port", "53"),
            Optional.of(new SecretRef("setup/" + key + "/zone", 1)),
            false,
            "token"),
        List.of("anna", "ben"),
        new CertificateId(UuidCreator.getTimeOrderedEpoch()),
        List.of(name.child("mail"), name.child("mta-sts")));
  }

  /// A plan as the API would write it: a server to be bought for up to 12 dollars, records entered
  /// by hand.
  public static NewPlan newPlan(String key, String domain) {
    var id = new PlanId(UuidCreator.getTimeOrderedEpoch());
    var name = new DomainName(domain);
    return new NewPlan(
        id,
        key,
        "hash-of-" + domain,
        new Wish(
            Optional.of(new SecretRef("plan/" + id + "/order", 1)),
            List.of(name.child("mail"), name.child("mta-sts")),
            name,
            name,
            "manual",
            Map.of(),
            Optional.empty(),
            false,
            "token",
            "anna",
            new Source.Bought("hostwinds", "101", "1", new Money(1_200, "USD"))));
  }
}
