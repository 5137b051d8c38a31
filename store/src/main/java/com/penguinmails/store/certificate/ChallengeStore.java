package com.penguinmails.store.certificate;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SetupId;
import java.util.List;

/// Challenge records that may be in a zone of the tenant's, each from before it is shown until it
/// is taken away (RFC 8555, section 8.4). Call inside [Tenancy#as].
public final class ChallengeStore {
  /// Seconds; they are gone again within minutes.
  public static final int TTL = 60;

  private final Tenancy tenancy;

  public ChallengeStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// These may be shown from now on, also those that were taken away before: an order that is still
  /// open has the same ones. Safe to repeat.
  ///
  /// @param setup whose domain has those whose names belong to no domain of the server
  public void allow(CertificateId certificate, SetupId setup, List<DnsRecord> challenges) {
    for (var challenge : challenges) {
      tenancy
          .jdbc()
          .sql(
              """
              INSERT INTO challenge (tenant_id, certificate_id, setup_id, name, value)
              VALUES (:tenant, :certificate, :setup, :name, :value)
              ON CONFLICT (certificate_id, name, value) DO UPDATE SET
                setup_id = excluded.setup_id, ended_at = NULL, hidden_at = NULL
              """)
          .param("tenant", tenancy.tenant().value())
          .param("certificate", certificate.value())
          .param("setup", setup.value())
          .param("name", challenge.name().value())
          .param("value", challenge.value())
          .update();
    }
  }

  /// These must not be shown from now on: they are about to be taken away. Safe to repeat.
  public void end(CertificateId certificate, List<DnsRecord> challenges) {
    mark("ended_at = coalesce(ended_at, now())", certificate, challenges);
  }

  /// These are in no zone any more. Those that may be shown again meanwhile stay. Safe to repeat.
  public void hidden(CertificateId certificate, List<DnsRecord> challenges) {
    mark(
        "hidden_at = CASE WHEN ended_at IS NOT NULL THEN coalesce(hidden_at, now()) END",
        certificate,
        challenges);
  }

  private void mark(String assignment, CertificateId certificate, List<DnsRecord> challenges) {
    for (var challenge : challenges) {
      tenancy
          .jdbc()
          .sql(
              "UPDATE challenge SET "
                  + assignment
                  + " WHERE certificate_id = :certificate AND name = :name AND value = :value")
          .param("certificate", certificate.value())
          .param("name", challenge.name().value())
          .param("value", challenge.value())
          .update();
    }
  }

  /// Whether any of these must not be shown.
  public boolean isAnyEnded(CertificateId certificate, List<DnsRecord> challenges) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM challenge
              WHERE certificate_id = :certificate AND ended_at IS NOT NULL
                AND value = ANY (CAST(:values AS text[])))
            """)
        .param("certificate", certificate.value())
        .param("values", challenges.stream().map(DnsRecord::value).toArray(String[]::new))
        .query(Boolean.class)
        .single();
  }

  /// All that may be in a zone still, by name.
  public List<Left> left(CertificateId certificate) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT setup_id, name, value FROM challenge
            WHERE certificate_id = :certificate AND hidden_at IS NULL ORDER BY name, value
            """)
        .param("certificate", certificate.value())
        .query((row, number) ->
            new Left(
                new SetupId(Columns.uuid(row, "setup_id")),
                new DnsRecord(
                    new RecordName(row.getString("name")),
                    DnsRecord.Type.TXT,
                    row.getString("value"),
                    TTL)))
        .list();
  }

  /// @param setup as in [#allow]
  public record Left(SetupId setup, DnsRecord record) {}
}
