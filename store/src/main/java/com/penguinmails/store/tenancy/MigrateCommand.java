package com.penguinmails.store.tenancy;

import com.penguinmails.store.migration.Migrations;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// `./penguin migrate`: brings the database to the newest version as its owner, and with `--roles`
/// first makes the roles as a superuser. Everything comes from the environment, so that no password
/// stands on a command line. Exit codes: 0 done, 1 failed, 2 wrong usage.
public final class MigrateCommand {
  private static final String USAGE =
      """
      Usage: ./penguin migrate [--roles]
      Brings the database to the newest version. Safe to repeat.
        --roles   first make the four roles, or set their passwords anew, as a superuser
      In the environment:
        PENGUIN_OWNER_URL        jdbc:postgresql://host:port/database
        PENGUIN_OWNER_PASSWORD   of penguin_owner
      and with --roles also:
        PENGUIN_SUPERUSER_USERNAME (default postgres), PENGUIN_SUPERUSER_PASSWORD
        PENGUIN_APP_PASSWORD, PENGUIN_SWEEP_PASSWORD, PENGUIN_STAFF_PASSWORD\
      """;

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;

  MigrateCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    System.exit(
        new MigrateCommand(System.getenv(), System.out, System.err).run(Arrays.asList(arguments)));
  }

  int run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      out.println(USAGE);
      return 0;
    }
    if (!arguments.isEmpty() && !arguments.equals(List.of("--roles"))) {
      return wrongUsage("unknown arguments " + arguments);
    }
    boolean makesRoles = !arguments.isEmpty();
    var missing = missing(makesRoles);
    if (!missing.isEmpty()) {
      return wrongUsage("not set: " + String.join(", ", missing));
    }
    return migrate(makesRoles);
  }

  private int migrate(boolean makesRoles) {
    try {
      if (makesRoles) {
        Migrations.createRoles(
            as(
                find("PENGUIN_SUPERUSER_USERNAME").orElse("postgres"),
                get("PENGUIN_SUPERUSER_PASSWORD")),
            new Migrations.Passwords(
                get("PENGUIN_OWNER_PASSWORD"),
                get("PENGUIN_APP_PASSWORD"),
                get("PENGUIN_SWEEP_PASSWORD"),
                get("PENGUIN_STAFF_PASSWORD")));
        out.println("The roles are there.");
      }
      int done = Migrations.migrate(as(Migrations.OWNER, get("PENGUIN_OWNER_PASSWORD")));
      out.println(
          done == 0
              ? "The database is at the newest version; nothing to do."
              : "Ran %d migrations; the database is at the newest version.".formatted(done));
      return 0;
    } catch (FlywayException | DataAccessException e) {
      err.printf("Not migrated: %s%n", rootOf(e).getMessage());
      err.println(
          "Check PENGUIN_OWNER_URL and the password; a database without our roles needs --roles once.");
      return 1;
    }
  }

  private List<String> missing(boolean makesRoles) {
    var needed =
        makesRoles
            ? List.of(
                "PENGUIN_OWNER_URL",
                "PENGUIN_OWNER_PASSWORD",
                "PENGUIN_SUPERUSER_PASSWORD",
                "PENGUIN_APP_PASSWORD",
                "PENGUIN_SWEEP_PASSWORD",
                "PENGUIN_STAFF_PASSWORD")
            : List.of("PENGUIN_OWNER_URL", "PENGUIN_OWNER_PASSWORD");
    return needed.stream().filter(name -> find(name).isEmpty()).toList();
  }

  private int wrongUsage(String why) {
    err.println(why);
    err.println(USAGE);
    return 2;
  }

  private DataSource as(String role, String password) {
    return new DriverManagerDataSource(get("PENGUIN_OWNER_URL"), role, password);
  }

  private Optional<String> find(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private String get(String name) {
    return find(name).orElseThrow();
  }

  private static Throwable rootOf(Throwable thrown) {
    var root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
