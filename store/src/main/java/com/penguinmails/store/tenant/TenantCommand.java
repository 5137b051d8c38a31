package com.penguinmails.store.tenant;

import com.penguinmails.store.migration.Migrations;
import com.penguinmails.store.tenancy.Tenancy;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.CannotCreateTransactionException;

/// `./penguin tenant NAME`: makes a tenant with an API key, until people sign up by themselves. The
/// key is printed once. Exit codes: 0 done, 1 failed, 2 wrong usage.
public final class TenantCommand {
  private static final String USAGE =
      """
      Usage: ./penguin tenant NAME
      Makes a tenant and prints its first API key; the key is not shown again.
      In the environment:
        SPRING_DATASOURCE_URL        jdbc:postgresql://host:port/database
        SPRING_DATASOURCE_PASSWORD   of penguin_app\
      """;

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;

  TenantCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    System.exit(
        new TenantCommand(System.getenv(), System.out, System.err).run(Arrays.asList(arguments)));
  }

  int run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      out.println(USAGE);
      return 0;
    }
    var url = Optional.ofNullable(environment.get("SPRING_DATASOURCE_URL"));
    var password = Optional.ofNullable(environment.get("SPRING_DATASOURCE_PASSWORD"));
    if (arguments.size() != 1 || url.isEmpty() || password.isEmpty()) {
      err.println(USAGE);
      return 2;
    }
    return create(arguments.getFirst(), url.get(), password.get());
  }

  private int create(String name, String url, String password) {
    try {
      var tenants =
          new TenantStore(new Tenancy(new DriverManagerDataSource(url, Migrations.APP, password)));
      var tenant = tenants.create(name);
      out.println("tenant   " + tenant.id());
      out.println("API key  " + tenants.createApiKey(tenant.id(), "first").key());
      return 0;
    } catch (DataAccessException | CannotCreateTransactionException away) {
      err.println("No tenant made: the database at " + url + " refused or is away.");
      return 1;
    }
  }
}
