package com.penguinmails.store.migration;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Makes the database roles, once with a superuser, and brings the tables to the newest version as
/// their owner. Both may be run again at any time. No other process migrates.
public final class Migrations {
  /// Owns the tables; used by migrations alone.
  public static final String OWNER = "penguin_owner";

  /// The pool of worker and API.
  public static final String APP = "penguin_app";

  /// Finds work nobody took up.
  public static final String SWEEP = "penguin_sweep";

  /// Reads under a grant that ends.
  public static final String STAFF = "penguin_staff";

  private Migrations() {}

  /// @param owner password of `penguin_owner`, and so on
  public record Passwords(String owner, String app, String sweep, String staff) {
    @Override
    public String toString() {
      return "Passwords[…]";
    }
  }

  /// Makes the four roles or sets their passwords and limits anew, and hands the connected database
  /// to the owner.
  public static void createRoles(DataSource superuser, Passwords passwords) {
    var jdbc = JdbcClient.create(superuser);
    role(jdbc, OWNER, passwords.owner());
    role(jdbc, APP, passwords.app());
    role(jdbc, SWEEP, passwords.sweep());
    role(jdbc, STAFF, passwords.staff());
    jdbc.sql("ALTER ROLE penguin_sweep SET statement_timeout = '10s'").update();
    jdbc.sql("ALTER ROLE penguin_sweep SET default_transaction_read_only = on").update();
    jdbc.sql("ALTER ROLE penguin_staff SET statement_timeout = '30s'").update();
    jdbc.sql("ALTER ROLE penguin_app SET idle_in_transaction_session_timeout = '60s'").update();
    grantDatabase(superuser);
  }

  /// Gives one more database to the owner and lets the other roles connect.
  public static void grantDatabase(DataSource superuser) {
    var jdbc = JdbcClient.create(superuser);
    var database = jdbc.sql("SELECT quote_ident(current_database())").query(String.class).single();
    jdbc.sql("REVOKE ALL ON DATABASE " + database + " FROM PUBLIC").update();
    jdbc.sql("GRANT CONNECT, CREATE ON DATABASE " + database + " TO penguin_owner").update();
    jdbc.sql(
            "GRANT CONNECT ON DATABASE "
                + database
                + " TO penguin_app, penguin_sweep, penguin_staff")
        .update();
    jdbc.sql("GRANT CREATE, USAGE ON SCHEMA public TO penguin_owner").update();
  }

  /// Brings the tables to the newest version.
  ///
  /// @param owner connects as `penguin_owner`
  /// @return how many migrations were run; 0 when there was nothing to do
  public static int migrate(DataSource owner) {
    return Flyway.configure()
        .dataSource(owner)
        .locations("classpath:db/migration")
        .placeholderReplacement(false)
        .cleanDisabled(true)
        .load()
        .migrate()
        .migrationsExecuted;
  }

  /// Role statements take no parameters, so the server quotes the password itself.
  private static void role(JdbcClient jdbc, String name, String password) {
    var exists =
        jdbc.sql("SELECT count(*) FROM pg_roles WHERE rolname = :name")
                .param("name", name)
                .query(Integer.class)
                .single()
            > 0;
    var statement =
        jdbc.sql(
                "SELECT format('%s ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
                    + " PASSWORD %L', :verb::text, :name::text, :password::text)")
            .param("verb", exists ? "ALTER" : "CREATE")
            .param("name", name)
            .param("password", password)
            .query(String.class)
            .single();
    jdbc.sql(statement).update();
  }
}
