package com.penguinmails.store.setup;

import com.penguinmails.store.domain.DomainStore.NewDomain;
import com.penguinmails.store.server.OrderStore.NewOrder;
import com.penguinmails.store.server.ServerStore.NewServer;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.util.List;

/// What a tenant asked for, with ids made by the caller. Secrets are in the secret store already;
/// here are their references.
///
/// @param idempotencyKey of the caller, 1 to 255 characters
/// @param requestHash of the whole request: the same key with another hash is a conflict
/// @param domain its `server` is replaced when the tenant has a server at that address already
/// @param mailboxes local parts
/// @param certificateNames what the server's certificate must carry for this domain
public record NewSetup(
    SetupId id,
    WorkspaceId workspace,
    String idempotencyKey,
    String requestHash,
    ServerChoice server,
    NewDomain domain,
    List<String> mailboxes,
    CertificateId certificate,
    List<DomainName> certificateNames) {
  /// Where the set-up's server comes from.
  public sealed interface ServerChoice {
    /// The tenant's own.
    record Own(NewServer server, IpAddress address) implements ServerChoice {}

    /// One to be bought.
    record Bought(NewServer server, NewOrder order) implements ServerChoice {}

    /// One that an earlier set-up of the tenant's made: another domain comes to it.
    record Known(ServerId id) implements ServerChoice {}
  }

  public NewSetup {
    mailboxes = List.copyOf(mailboxes);
    certificateNames = List.copyOf(certificateNames);
  }
}
