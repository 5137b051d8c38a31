package com.penguinmails.store.setup;

import com.penguinmails.store.certificate.CertificateStore;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.mailbox.MailboxStore;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.ServerId;
import java.util.Optional;
import java.util.UUID;

/// Wishes that something goes. Call inside [Tenancy#as].
public final class RetirementStore {
  private final Tenancy tenancy;
  private final SetupStore setups;
  private final ServerStore servers;
  private final DomainStore domains;
  private final CertificateStore certificates;
  private final MailboxStore mailboxes;

  public RetirementStore(Tenancy tenancy) {
    this.tenancy = tenancy;
    this.setups = new SetupStore(tenancy);
    this.servers = new ServerStore(tenancy);
    this.domains = new DomainStore(tenancy);
    this.certificates = new CertificateStore(tenancy);
    this.mailboxes = new MailboxStore(tenancy);
  }

  /// Wants the set-up's domain gone; its server and certificate too, unless somebody else needs
  /// them. Where an earlier set-up of the domain was proved, that one stands: the domain goes back
  /// to its server, if it had left it. A set-up that was proved itself and is given up took nothing
  /// from an earlier one by now, and gives nothing back. Desired versions are raised once. Safe to
  /// repeat.
  ///
  /// Rows are taken in the order domain, certificate, server, as by whoever becomes owner of a
  /// domain or has a certificate issued: else each could wait for the other.
  public Retirement want(Setup setup) {
    tenancy.lockRequests(); // an order may be about to settle on this server
    var earlier = provedServer(setup);
    boolean wasProved = setup.provedAt().isPresent();
    if (earlier.isPresent() && !wasProved) {
      giveBack(setup, earlier.get());
    }
    boolean isLeaving = earlier.isEmpty() && mark("domain", setup.domain().value()) == 1;
    if (isLeaving) {
      domains.bumpDesiredVersion(setup.domain());
    }
    boolean isDomainChanged = earlier.isEmpty() || (!wasProved && setups.hasMoved(setup.id()));
    var back =
        earlier.filter(
            _ -> !wasProved && (isDomainChanged || mailboxes.isAnyLeaving(setup.domain())));
    boolean isServerLeaving = !isServerNeeded(setup);
    if (isServerLeaving) {
      mark("certificate", setup.certificate().value());
    } else if (!earlier.equals(Optional.of(setup.server()))) {
      certificates.dropNames(setup.server(), setup.domainName());
    }
    if (isLeaving) {
      servers.bumpDesiredVersion(setup.server()); // it is to be without the domain
    }
    // The domain that has left it still names its address, for mail that was under way.
    boolean isNamedElsewhere = wasProved && earlier.isPresent() && isServerLeaving;
    if (isServerLeaving && mark("server", setup.server().value()) == 1) {
      servers.bumpDesiredVersion(setup.server());
      if (isNamedElsewhere) {
        domains.bumpDesiredVersion(setup.domain());
      }
    }
    return new Retirement(isServerLeaving, isDomainChanged || isNamedElsewhere, back);
  }

  public boolean isWanted(ServerId server) {
    return isMarked("server", server.value());
  }

  public boolean isWanted(DomainId domain) {
    return isMarked("domain", domain.value());
  }

  public boolean isWanted(CertificateId certificate) {
    return isMarked("certificate", certificate.value());
  }

  /// Where the newest proved set-up put the domain.
  private Optional<ServerId> provedServer(Setup setup) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT server_id FROM setup WHERE domain_id = :domain AND state = 'DONE'
            ORDER BY finished_at DESC, id DESC LIMIT 1
            """)
        .param("domain", setup.domain().value())
        .query((row, number) -> new ServerId(Columns.uuid(row, "server_id")))
        .optional();
  }

  private void giveBack(Setup setup, ServerId earlier) {
    if (!domains.get(setup.domain()).server().equals(earlier)) {
      setups.move(setup, earlier);
    }
    long version = servers.get(earlier).desiredVersion() + 1;
    if (mailboxes.takeBack(setup.domain(), setup.createdAt(), version) > 0) {
      servers.bumpDesiredVersion(earlier);
    }
  }

  /// By a domain that lives on it or is to come to it, or because what was proved there is not this
  /// set-up's to take.
  private boolean isServerNeeded(Setup setup) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM domain
              WHERE server_id = :server AND id <> :domain
                AND state <> 'WITHDRAWN' AND retire_wanted_at IS NULL)
            OR EXISTS (
              SELECT FROM setup
              WHERE server_id = :server AND id <> :setup
                AND state IN ('REQUESTED', 'RUNNING', 'HELD', 'DONE'))
            """)
        .param("server", setup.server().value())
        .param("domain", setup.domain().value())
        .param("setup", setup.id().value())
        .query(Boolean.class)
        .single();
  }

  private int mark(String table, UUID id) {
    return tenancy
        .jdbc()
        .sql(
            "UPDATE %s SET retire_wanted_at = now() WHERE id = :id AND retire_wanted_at IS NULL"
                .formatted(table))
        .param("id", id)
        .update();
  }

  private boolean isMarked(String table, UUID id) {
    return tenancy
        .jdbc()
        .sql("SELECT retire_wanted_at IS NOT NULL FROM %s WHERE id = :id".formatted(table))
        .param("id", id)
        .query(Boolean.class)
        .single();
  }

  /// What is to be taken back.
  ///
  /// @param isServerLeaving the server is wanted gone, and its certificate
  /// @param isDomainChanged the domain is wanted gone, or back where it was, or without the address
  ///   of a server it has left
  /// @param back where the domain has gone back to
  public record Retirement(
      boolean isServerLeaving, boolean isDomainChanged, Optional<ServerId> back) {}
}
