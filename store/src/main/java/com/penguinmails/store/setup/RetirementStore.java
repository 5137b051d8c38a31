package com.penguinmails.store.setup;

import com.penguinmails.store.certificate.CertificateStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.ServerId;
import java.util.UUID;

/// Wishes that something goes. Call inside [Tenancy#as].
public final class RetirementStore {
  private final Tenancy tenancy;

  public RetirementStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Wants the set-up's domain gone; its server and certificate too, unless another domain lives on
  /// that server. Nothing of it when an earlier set-up of the domain was proved: that one stands,
  /// and only this set-up ends. The server's desired version is raised once. Safe to repeat.
  ///
  /// @return whether the server is wanted gone
  public boolean want(Setup setup) {
    tenancy.lockRequests(); // an order may be about to settle on this server
    if (isProvedBefore(setup)) {
      return false;
    }
    mark("domain", setup.domain().value());
    if (hasOtherDomains(setup)) {
      new CertificateStore(tenancy).dropNames(setup.server(), setup.domainName());
      return false;
    }
    mark("certificate", setup.certificate().value());
    if (mark("server", setup.server().value()) == 1) {
      tenancy
          .jdbc()
          .sql("UPDATE server SET desired_version = desired_version + 1 WHERE id = :id")
          .param("id", setup.server().value())
          .update();
    }
    return true;
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

  private boolean isProvedBefore(Setup setup) {
    return tenancy
        .jdbc()
        .sql("SELECT EXISTS (SELECT FROM setup WHERE domain_id = :domain AND state = 'DONE')")
        .param("domain", setup.domain().value())
        .query(Boolean.class)
        .single();
  }

  private boolean hasOtherDomains(Setup setup) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM domain
              WHERE server_id = :server AND id <> :domain
                AND state <> 'WITHDRAWN' AND retire_wanted_at IS NULL)
            """)
        .param("server", setup.server().value())
        .param("domain", setup.domain().value())
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
}
