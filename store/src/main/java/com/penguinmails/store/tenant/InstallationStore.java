package com.penguinmails.store.tenant;

import com.penguinmails.store.tenancy.Tenancy;
import java.util.Optional;

/// The one running product this database belongs to.
public final class InstallationStore {
  private final Tenancy tenancy;

  public InstallationStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// The installation as the database knows it; empty before the first start.
  public Optional<Installation> find() {
    return tenancy.global(this::read);
  }

  /// Writes the installation at the first start, and compares at every later one, so that a copied
  /// database drives no real server.
  ///
  /// @throws IllegalStateException the database belongs to another installation
  public Installation claim(Installation configured) {
    return tenancy.global(() -> {
      tenancy
          .jdbc()
          .sql("INSERT INTO installation (id, kind) VALUES (:id, :kind) ON CONFLICT DO NOTHING")
          .param("id", configured.id())
          .param("kind", configured.isLive() ? "live" : "test")
          .update();
      var stored = read().orElseThrow();
      if (!stored.equals(configured)) {
        throw new IllegalStateException(
            "This database belongs to installation %s, the configuration says %s: correct the"
                    .formatted(stored, configured)
                + " configuration, or give this installation a database of its own");
      }
      return stored;
    });
  }

  private Optional<Installation> read() {
    return tenancy
        .jdbc()
        .sql("SELECT id, kind FROM installation")
        .query((row, number) ->
            new Installation(row.getString("id"), "live".equals(row.getString("kind"))))
        .optional();
  }

  /// @param id six characters, made at the first start
  public record Installation(String id, boolean isLive) {
    @Override
    public String toString() {
      return id + " (" + (isLive ? "live" : "test") + ")";
    }
  }
}
