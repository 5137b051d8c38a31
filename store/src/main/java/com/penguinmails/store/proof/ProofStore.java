package com.penguinmails.store.proof;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.SetupId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Proofs of set-ups. Call inside [Tenancy#as].
public final class ProofStore {
  private final Tenancy tenancy;

  public ProofStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Opens a proof, or answers the open one of this set-up: an activity tried again sends the same
  /// message again, not another.
  public Proof openOrFind(SetupId setup) {
    var id = UuidCreator.getTimeOrderedEpoch();
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO proof (id, tenant_id, setup_id, token)
            VALUES (:id, :tenant, :setup, :token)
            ON CONFLICT (setup_id) WHERE finished_at IS NULL DO NOTHING
            """)
        .param("id", id)
        .param("tenant", tenancy.tenant().value())
        .param("setup", setup.value())
        .param("token", "pm-proof-" + id)
        .update();
    return newestOf(setup).orElseThrow();
  }

  /// The newest proof of a set-up with its checks; empty before the first.
  public Optional<Proof> newestOf(SetupId setup) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT id, setup_id, token, created_at, sent_at, arrived_at, finished_at, passed
            FROM proof WHERE setup_id = :setup
            ORDER BY finished_at IS NOT NULL, id DESC LIMIT 1
            """)
        .param("setup", setup.value())
        .query((row, number) ->
            new Proof(
                Columns.uuid(row, "id"),
                new SetupId(Columns.uuid(row, "setup_id")),
                row.getString("token"),
                Columns.instant(row, "created_at"),
                Columns.optionalInstant(row, "sent_at"),
                Columns.optionalInstant(row, "arrived_at"),
                Columns.optionalInstant(row, "finished_at"),
                Optional.ofNullable(row.getObject("passed", Boolean.class)),
                checksOf(Columns.uuid(row, "id"))))
        .optional();
  }

  /// The new server accepted the message.
  public void recordSent(UUID proof) {
    touch("sent_at = coalesce(sent_at, now())", proof);
  }

  /// The message is at the probe mailbox.
  public void recordArrived(UUID proof) {
    touch("arrived_at = coalesce(arrived_at, now())", proof);
  }

  /// Notes what checks saw; the newest look counts. Checks of a finished proof stay as they are.
  public void recordChecks(UUID proof, List<ProofCheck> checks) {
    for (var check : checks) {
      tenancy
          .jdbc()
          .sql(
              """
              INSERT INTO proof_check (tenant_id, proof_id, name, verdict, evidence)
              SELECT tenant_id, id, :name, :verdict, :evidence
              FROM proof WHERE id = :proof AND finished_at IS NULL
              ON CONFLICT (proof_id, name) DO UPDATE SET
                verdict = excluded.verdict, evidence = excluded.evidence, at = now()
              """)
          .param("proof", proof)
          .param("name", check.name())
          .param("verdict", check.verdict().name())
          .param("evidence", check.evidence())
          .update();
    }
  }

  /// Ends the proof. It has passed when the message was sent and arrived, there are checks, and all
  /// of them passed; nobody can say so otherwise. Safe to repeat.
  ///
  /// @return whether it passed
  public boolean finish(UUID proof) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE proof SET finished_at = now(),
              passed = sent_at IS NOT NULL AND arrived_at IS NOT NULL
                AND EXISTS (SELECT FROM proof_check c WHERE c.proof_id = proof.id)
                AND NOT EXISTS (SELECT FROM proof_check c
                  WHERE c.proof_id = proof.id AND c.verdict <> 'PASSED')
            WHERE id = :id AND finished_at IS NULL
            """)
        .param("id", proof)
        .update();
    return tenancy
        .jdbc()
        .sql("SELECT passed FROM proof WHERE id = :id")
        .param("id", proof)
        .query(Boolean.class)
        .single();
  }

  private List<ProofCheck> checksOf(UUID proof) {
    return tenancy
        .jdbc()
        .sql("SELECT name, verdict, evidence FROM proof_check WHERE proof_id = :id ORDER BY name")
        .param("id", proof)
        .query((row, number) ->
            new ProofCheck(
                row.getString("name"),
                Columns.choice(row, "verdict", ProofCheck.Verdict.class),
                row.getString("evidence")))
        .list();
  }

  private void touch(String assignment, UUID proof) {
    tenancy
        .jdbc()
        .sql("UPDATE proof SET " + assignment + " WHERE id = :id AND finished_at IS NULL")
        .param("id", proof)
        .update();
  }

  /// One proof.
  ///
  /// @param token marks its message: Message-ID and subject
  /// @param passed empty while not finished
  public record Proof(
      UUID id,
      SetupId setup,
      String token,
      Instant createdAt,
      Optional<Instant> sentAt,
      Optional<Instant> arrivedAt,
      Optional<Instant> finishedAt,
      Optional<Boolean> passed,
      List<ProofCheck> checks) {
    public Proof {
      checks = List.copyOf(checks);
    }
  }
}
