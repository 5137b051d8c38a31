package com.penguinmails.store.mailbox;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.MailboxId;
import com.penguinmails.workflows.model.SecretRef;
import java.util.List;
import java.util.Optional;

/// Mailboxes of domains. Call inside [Tenancy#as].
public final class MailboxStore {
  private final Tenancy tenancy;

  public MailboxStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Writes a wanted mailbox, or finds the one with that address.
  public Mailbox insertOrFind(MailboxId id, DomainId domain, String localPart) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO mailbox (id, tenant_id, domain_id, local_part)
            VALUES (:id, :tenant, :domain, :local)
            ON CONFLICT (domain_id, local_part) WHERE state <> 'RETIRED' DO NOTHING
            """)
        .param("id", id.value())
        .param("tenant", tenancy.tenant().value())
        .param("domain", domain.value())
        .param("local", localPart)
        .update();
    return ofDomain(domain).stream()
        .filter(mailbox -> mailbox.address().localPart().equals(localPart))
        .findFirst()
        .orElseThrow();
  }

  /// The domain's mailboxes that are not retired, by address.
  public List<Mailbox> ofDomain(DomainId domain) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT m.id, m.domain_id, m.local_part, d.name, m.login_ref, m.state
            FROM mailbox m JOIN domain d ON d.id = m.domain_id
            WHERE m.domain_id = :domain AND m.state <> 'RETIRED' ORDER BY m.local_part
            """)
        .param("domain", domain.value())
        .query((row, number) ->
            new Mailbox(
                new MailboxId(Columns.uuid(row, "id")),
                new DomainId(Columns.uuid(row, "domain_id")),
                new EmailAddress(
                    row.getString("local_part"), new DomainName(row.getString("name"))),
                Columns.optionalSecretRef(row, "login_ref"),
                Columns.choice(row, "state", Mailbox.State.class)))
        .list();
  }

  /// Notes the login we made. The first one wins.
  public void recordLogin(MailboxId mailbox, SecretRef login) {
    tenancy
        .jdbc()
        .sql("UPDATE mailbox SET login_ref = coalesce(login_ref, :login) WHERE id = :id")
        .param("id", mailbox.value())
        .param("login", login.toString())
        .update();
  }

  /// The mailbox is on the host and answers.
  public void recordReady(MailboxId mailbox) {
    move(mailbox, "READY", "WANTED");
  }

  /// The mailbox is to leave the host.
  public void retire(MailboxId mailbox) {
    tenancy
        .jdbc()
        .sql("UPDATE mailbox SET state = 'RETIRED' WHERE id = :id")
        .param("id", mailbox.value())
        .update();
  }

  private void move(MailboxId mailbox, String to, String from) {
    tenancy
        .jdbc()
        .sql("UPDATE mailbox SET state = :to WHERE id = :id AND state = :from")
        .param("id", mailbox.value())
        .param("to", to)
        .param("from", from)
        .update();
  }

  /// One mailbox.
  ///
  /// @param login fields `password` and `hash`; empty until made
  public record Mailbox(
      MailboxId id, DomainId domain, EmailAddress address, Optional<SecretRef> login, State state) {
    /// How far a mailbox is.
    public enum State {
      WANTED,
      READY,
      RETIRED
    }
  }
}
