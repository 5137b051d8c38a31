package com.penguinmails.store.setup;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.SetupId;

/// The keys of commands to set-ups that can be taken back: a repeat must not be taken for another
/// wish. Call inside [Tenancy#as].
public final class SetupCommands {
  private final Tenancy tenancy;

  public SetupCommands(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Keeps the key in the transaction of what the command does: with it, or not at all. Of two with
  /// the same key at once, the second waits for the first. Commands of a tenant take turns: two to
  /// one set-up would each share its row, and wait for the other's share to end.
  public Taken take(SetupId setup, Command command, String idempotencyKey) {
    tenancy.lockRequests();
    int inserted =
        tenancy
            .jdbc()
            .sql(
                """
                INSERT INTO setup_command (tenant_id, idempotency_key, setup_id, command)
                VALUES (:tenant, :key, :setup, :command)
                ON CONFLICT DO NOTHING
                """)
            .param("tenant", tenancy.tenant().value())
            .param("key", idempotencyKey)
            .param("setup", setup.value())
            .param("command", command.name())
            .update();
    return inserted == 1 ? Taken.NEW : known(setup, command, idempotencyKey);
  }

  private Taken known(SetupId setup, Command command, String idempotencyKey) {
    return tenancy
        .jdbc()
        .sql("SELECT setup_id, command FROM setup_command WHERE idempotency_key = :key")
        .param("key", idempotencyKey)
        .query((row, number) ->
            setup.value().equals(Columns.uuid(row, "setup_id"))
                    && command == Columns.choice(row, "command", Command.class)
                ? Taken.BEFORE
                : Taken.FOR_ANOTHER)
        .single();
  }

  /// What may be commanded more than once, each time with a key of its own.
  public enum Command {
    CANCEL,
    RETIRE,
    RESUME
  }

  /// Whether the key is new.
  public enum Taken {
    NEW,
    /// The same command came with it: nothing is to be done.
    BEFORE,
    /// It was used for another command, or another set-up.
    FOR_ANOTHER
  }
}
