package com.penguinmails.store;

import com.penguinmails.store.migration.Migrations;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DomainId;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// One PostgreSQL 18 per JVM, and a database of its own for each test class, copied from a migrated
/// template in a fraction of a second. Ends with the JVM.
public final class PostgresForTests implements AutoCloseable {
  private static final String TEMPLATE = "penguin_template";
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final String database;
  private final HikariDataSource app;

  private PostgresForTests(String database) {
    this.database = database;
    app = new HikariDataSource();
    app.setDataSource(as(Migrations.APP));
    app.setMaximumPoolSize(8);
    app.setMinimumIdle(0);
  }

  /// A fresh, migrated database.
  public static PostgresForTests freshDatabase() {
    return create(TEMPLATE);
  }

  /// A fresh database with the roles but without tables: for tests of the migrations.
  public static PostgresForTests emptyDatabase() {
    return create("template1");
  }

  /// The pool of worker and API.
  public DataSource app() {
    return app;
  }

  /// Unpooled, as `penguin_owner`.
  public DataSource owner() {
    return as(Migrations.OWNER);
  }

  /// Unpooled, as `penguin_sweep`.
  public DataSource sweep() {
    return as(Migrations.SWEEP);
  }

  /// Unpooled, as `penguin_staff`.
  public DataSource staff() {
    return as(Migrations.STAFF);
  }

  /// Unpooled, as the superuser, for what no role of ours may do.
  public DataSource superuser() {
    return dataSource(database, "postgres", "postgres");
  }

  /// Unpooled, as `penguin_app`: for [com.penguinmails.store.setup.ProgressFeed].
  public DataSource unpooledApp() {
    return as(Migrations.APP);
  }

  /// Tenancy over [#app].
  public Tenancy tenancy() {
    return new Tenancy(app);
  }

  /// `jdbc:postgresql://localhost:<port>/<database>`, for settings of an application under test.
  public String jdbcUrl() {
    return "jdbc:postgresql://localhost:" + Server.get().getPort() + "/" + database;
  }

  /// The password of a role: its own name.
  public static Migrations.Passwords passwords() {
    return new Migrations.Passwords(
        Migrations.OWNER, Migrations.APP, Migrations.SWEEP, Migrations.STAFF);
  }

  /// As if the domain had been proved to be its tenant's, whoever else has it in another test.
  public void ownedOnce(DomainId domain) {
    JdbcClient.create(superuser())
        .sql("UPDATE domain SET first_owned_at = now() WHERE id = :id")
        .param("id", domain.value())
        .update();
  }

  @Override
  public void close() {
    app.close();
    admin().sql("DROP DATABASE " + database + " WITH (FORCE)").update();
  }

  private static synchronized PostgresForTests create(String template) {
    Server.get();
    var database = "test_" + COUNTER.incrementAndGet();
    admin().sql("CREATE DATABASE " + database + " TEMPLATE " + template).update();
    Migrations.grantDatabase(dataSource(database, "postgres", "postgres"));
    return new PostgresForTests(database);
  }

  private DataSource as(String role) {
    return dataSource(database, role, role);
  }

  private static JdbcClient admin() {
    return JdbcClient.create(dataSource("postgres", "postgres", "postgres"));
  }

  private static PGSimpleDataSource dataSource(String database, String user, String password) {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"localhost"});
    source.setPortNumbers(new int[] {Server.get().getPort()});
    source.setDatabaseName(database);
    source.setUser(user);
    source.setPassword(password);
    return source;
  }

  /// Started on first use.
  private static final class Server {
    private static final EmbeddedPostgres POSTGRES = start();
    private static boolean isPrepared;

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("synchronous_commit", "off")
            .setServerConfig("full_page_writes", "off")
            .setServerConfig("max_connections", "150")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException("embedded PostgreSQL did not start", e);
      }
    }

    static synchronized EmbeddedPostgres get() {
      if (!isPrepared) {
        isPrepared = true;
        admin().sql("CREATE DATABASE " + TEMPLATE).update();
        Migrations.createRoles(dataSource(TEMPLATE, "postgres", "postgres"), passwords());
        Migrations.migrate(dataSource(TEMPLATE, Migrations.OWNER, Migrations.OWNER));
      }
      return POSTGRES;
    }
  }
}
