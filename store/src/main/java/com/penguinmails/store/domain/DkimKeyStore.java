package com.penguinmails.store.domain;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SecretRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// DKIM keys of domains. A selector is never used twice. Call inside [Tenancy#as].
public final class DkimKeyStore {
  private final Tenancy tenancy;

  public DkimKeyStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Writes a key under its selector, or answers the one that is there already.
  public DkimKey insertOrFind(
      DomainId domain, String selector, SecretRef secret, String publicKey) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO dkim_key (tenant_id, domain_id, selector, secret_ref, public_key)
            VALUES (:tenant, :domain, :selector, :secret, :public)
            ON CONFLICT (domain_id, selector) DO NOTHING
            """)
        .param("tenant", tenancy.tenant().value())
        .param("domain", domain.value())
        .param("selector", selector)
        .param("secret", secret.toString())
        .param("public", publicKey)
        .update();
    return ofDomain(domain).stream()
        .filter(key -> key.selector().equals(selector))
        .findFirst()
        .orElseThrow();
  }

  /// A selector nobody has seen with another key: the wished one, or with a number behind it when
  /// the tenant's domain of that name ever had it, in an earlier set-up too. Caches out there may
  /// still hold the old key.
  public String unusedSelector(DomainName name, String wished) {
    var taken =
        tenancy
            .jdbc()
            .sql(
                """
                SELECT selector FROM dkim_key JOIN domain ON domain.id = dkim_key.domain_id
                WHERE domain.name = :name
                """)
            .param("name", name.value())
            .query(String.class)
            .set();
    return Stream.iterate(1, number -> number + 1)
        .map(number -> number == 1 ? wished : wished + "-" + number)
        .filter(selector -> !taken.contains(selector))
        .findFirst()
        .orElseThrow();
  }

  /// All keys the domain ever had, oldest first.
  public List<DkimKey> ofDomain(DomainId domain) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT selector, secret_ref, public_key, state, created_at, signing_at
            FROM dkim_key WHERE domain_id = :domain ORDER BY created_at, selector
            """)
        .param("domain", domain.value())
        .query((row, number) ->
            new DkimKey(
                row.getString("selector"),
                Columns.secretRef(row, "secret_ref"),
                row.getString("public_key"),
                Columns.choice(row, "state", DkimKey.State.class),
                Columns.instant(row, "created_at"),
                Columns.optionalInstant(row, "signing_at")))
        .list();
  }

  /// The record is verified in DNS.
  public void recordPublished(DomainId domain, String selector) {
    move(domain, selector, "state = 'PUBLISHED', published_at = now()", "state = 'MADE'");
  }

  /// The host signs with this key from now on; the one before stays in DNS and on the host until
  /// retired.
  public void switchTo(DomainId domain, String selector) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE dkim_key SET state = 'RETIRING'
            WHERE domain_id = :domain AND selector <> :selector AND state = 'SIGNING'
            """)
        .param("domain", domain.value())
        .param("selector", selector)
        .update();
    move(
        domain,
        selector,
        "state = 'SIGNING', signing_at = now()",
        "state IN ('MADE', 'PUBLISHED')");
  }

  /// The key is gone from DNS and host; its selector stays taken.
  public void recordRetired(DomainId domain, String selector) {
    move(domain, selector, "state = 'RETIRED', retired_at = now()", "state <> 'RETIRED'");
  }

  private void move(DomainId domain, String selector, String assignment, String condition) {
    tenancy
        .jdbc()
        .sql(
            "UPDATE dkim_key SET "
                + assignment
                + " WHERE domain_id = :domain AND selector = :selector AND "
                + condition)
        .param("domain", domain.value())
        .param("selector", selector)
        .update();
  }

  /// One key.
  ///
  /// @param secret field `pem`: PKCS#8, RSA 2048
  /// @param publicKey base64, the `p=` tag of the record
  public record DkimKey(
      String selector,
      SecretRef secret,
      String publicKey,
      State state,
      Instant createdAt,
      Optional<Instant> signingAt) {
    /// How far a key is.
    public enum State {
      MADE,
      PUBLISHED,
      SIGNING,
      RETIRING,
      RETIRED
    }
  }
}
