package com.penguinmails.store.secret;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Encrypted secrets by path and version. Knows no key and no plain text. Call inside [Tenancy#as].
public final class SecretRows {
  private final Tenancy tenancy;

  public SecretRows(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Writes version 1 when the path holds nothing yet. Of two at the same time one writes, and both
  /// get the same answer.
  ///
  /// @return the newest version of the path: 1 and written by us, or what was there before
  public Written insertIfAbsent(String path, String keyId, byte[] ciphertext) {
    lockPath(path);
    var newest = newestVersion(path);
    if (newest > 0) {
      return new Written(newest, false);
    }
    insert(path, 1, keyId, ciphertext);
    return new Written(1, true);
  }

  /// The version the next insert under this path gets. Locks the path until the transaction ends,
  /// so that a cipher may bind the version before [#insertNextVersion].
  public int nextVersion(String path) {
    lockPath(path);
    return newestVersion(path) + 1;
  }

  /// Writes a further version, counting from 1. Not idempotent.
  public int insertNextVersion(String path, String keyId, byte[] ciphertext) {
    var version = nextVersion(path);
    insert(path, version, keyId, ciphertext);
    return version;
  }

  /// One version; empty when there is none.
  public Optional<SecretRow> find(String path, int version) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT path, version, key_id, ciphertext, created_at, destroyed_at
            FROM secret WHERE path = :path AND version = :version
            """)
        .param("path", path)
        .param("version", version)
        .query((row, number) ->
            new SecretRow(
                row.getString("path"),
                row.getInt("version"),
                row.getString("key_id"),
                Optional.ofNullable(row.getBytes("ciphertext")),
                Columns.instant(row, "created_at"),
                Columns.optionalInstant(row, "destroyed_at")))
        .optional();
  }

  /// The newest version's number; empty when the path holds nothing.
  public Optional<Integer> findNewestVersion(String path) {
    return Optional.of(newestVersion(path)).filter(version -> version > 0);
  }

  /// Overwrites one version's ciphertext with nothing. Safe to repeat.
  ///
  /// @return false when it was destroyed before or never was
  public boolean destroy(String path, int version) {
    return tenancy
            .jdbc()
            .sql(
                """
                UPDATE secret SET ciphertext = NULL, destroyed_at = now()
                WHERE path = :path AND version = :version AND destroyed_at IS NULL
                """)
            .param("path", path)
            .param("version", version)
            .update()
        == 1;
  }

  private int newestVersion(String path) {
    return tenancy
        .jdbc()
        .sql("SELECT coalesce(max(version), 0) FROM secret WHERE path = :path")
        .param("path", path)
        .query(Integer.class)
        .single();
  }

  private void insert(String path, int version, String keyId, byte[] ciphertext) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO secret (tenant_id, path, version, key_id, ciphertext)
            VALUES (:tenant, :path, :version, :key, :ciphertext)
            """)
        .param("tenant", tenancy.tenant().value())
        .param("path", path)
        .param("version", version)
        .param("key", keyId)
        .param("ciphertext", ciphertext)
        .update();
  }

  /// Serialises writers of one path until the transaction ends; the primary key stays the last
  /// word.
  private void lockPath(String path) {
    tenancy
        .jdbc()
        .sql("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        .param("name", tenancy.tenant() + "/" + path)
        .query((row, number) -> true)
        .single();
  }

  /// @param isNew false: the path held this version before
  public record Written(int version, boolean isNew) {}

  /// @param ciphertext empty once destroyed
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody; copied by the driver
  public record SecretRow(
      String path,
      int version,
      String keyId,
      Optional<byte[]> ciphertext,
      Instant createdAt,
      Optional<Instant> destroyedAt) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof SecretRow row && path.equals(row.path) && version == row.version;
    }

    @Override
    public int hashCode() {
      return 31 * path.hashCode() + version;
    }
  }
}
