package com.penguinmails.store.tenancy;

import com.penguinmails.workflows.model.TenantId;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// One transaction, one tenant. Every store asks its database here, so that no query can run
/// without both. Calls within a call join its transaction when the tenant is the same.
///
/// Built on the pool of `penguin_app`, which row-level security holds to the tenant even when a
/// query forgets it.
public final class Tenancy {
  /// Who acts when nobody is named.
  public static final String ORCHESTRATOR = "orchestrator";

  private final ScopedValue<Scope> scope = ScopedValue.newInstance();
  private final JdbcClient jdbc;
  private final TransactionTemplate writing;
  private final TransactionTemplate reading;

  public Tenancy(DataSource appPool) {
    var transactions = new DataSourceTransactionManager(appPool);
    jdbc = JdbcClient.create(appPool);
    writing = new TransactionTemplate(transactions);
    reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
  }

  /// Runs the work in one transaction that sees this tenant's rows only. An exception rolls back.
  public <T> T as(TenantId tenant, Supplier<T> work) {
    return as(tenant, ORCHESTRATOR, work);
  }

  /// As above, with the actor named in the audit: a member, an API key's prefix.
  public <T> T as(TenantId tenant, String actor, Supplier<T> work) {
    return within(new Scope(Optional.of(tenant), actor, false), work);
  }

  /// As [#as(TenantId, Supplier)], for work that answers nothing.
  public void run(TenantId tenant, Runnable work) {
    as(
        tenant,
        () -> {
          work.run();
          return true;
        });
  }

  /// One read-only transaction: all queries in it see the same moment and are refused a write.
  public <T> T reading(TenantId tenant, Supplier<T> work) {
    return within(new Scope(Optional.of(tenant), ORCHESTRATOR, true), work);
  }

  /// A transaction without a tenant: sees global tables and nothing else.
  public <T> T global(Supplier<T> work) {
    return within(new Scope(Optional.empty(), ORCHESTRATOR, false), work);
  }

  /// The tenant of the running transaction.
  ///
  /// @throws IllegalStateException called outside of one
  public TenantId tenant() {
    return running()
        .tenant()
        .orElseThrow(() -> new IllegalStateException("this transaction has no tenant"));
  }

  /// Who acts in the running transaction.
  public String actor() {
    return running().actor();
  }

  /// The running transaction's database.
  ///
  /// @throws IllegalStateException called outside of one: open it with `as` or `reading`
  public JdbcClient jdbc() {
    running();
    return jdbc;
  }

  /// One request of a tenant at a time, until the running transaction ends: two with the same key
  /// or domain must see each other. What is ordered and what is to go is decided for one after the
  /// other within a tenant.
  public void lockRequests() {
    jdbc()
        .sql("SELECT pg_advisory_xact_lock(hashtextextended(:name, 1))")
        .param("name", tenant().toString())
        .query((row, number) -> true)
        .single();
  }

  private Scope running() {
    if (!scope.isBound()) {
      throw new IllegalStateException("no tenant: call inside Tenancy.as or Tenancy.reading");
    }
    return scope.get();
  }

  private <T> T within(Scope wanted, Supplier<T> work) {
    if (scope.isBound()) {
      return joined(wanted, work);
    }
    var transaction = wanted.readOnly() ? reading : writing;
    return ScopedValue.where(scope, wanted)
        .call(() ->
            transaction.execute(status -> {
              enter(wanted);
              return work.get();
            }));
  }

  private <T> T joined(Scope wanted, Supplier<T> work) {
    var outer = scope.get();
    if (wanted.tenant().isPresent() && !wanted.tenant().equals(outer.tenant())) {
      throw new IllegalStateException("a transaction belongs to one tenant only");
    }
    if (outer.readOnly() && !wanted.readOnly()) {
      throw new IllegalStateException("a read-only transaction cannot be written in");
    }
    return work.get();
  }

  /// `SET LOCAL` takes no parameters; `set_config` with `true` does and ends with the transaction.
  private void enter(Scope wanted) {
    if (wanted.readOnly()) {
      // The driver's own way changes the session before and after, which is two calls more.
      jdbc.sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").update();
    }
    var tenant = wanted.tenant().map(TenantId::toString).orElse("");
    jdbc.sql("SELECT set_config('app.tenant_id', :tenant, true)")
        .param("tenant", tenant)
        .query(String.class)
        .single();
  }

  private record Scope(Optional<TenantId> tenant, String actor, boolean readOnly) {}
}
