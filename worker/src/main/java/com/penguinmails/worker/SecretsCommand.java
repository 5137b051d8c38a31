package com.penguinmails.worker;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.embedded.EmbeddedSecretStore;
import com.penguinmails.ports.secret.vault.VaultImport;
import com.penguinmails.ports.secret.vault.VaultImport.Outcome;
import com.penguinmails.ports.secret.vault.VaultSecretStore;
import com.penguinmails.ports.secret.vault.VaultSettings;
import com.penguinmails.store.migration.Migrations;
import com.penguinmails.store.secret.AllSecrets;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.SecretRef;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// `./penguin secrets import`: copies every secret of the embedded store into Vault, under the same
/// references, and reads each back. Safe to repeat; deletes nothing. Exit codes: 0 all are there, 1
/// not all, 2 wrong usage.
public final class SecretsCommand {
  private static final String USAGE =
      """
      Usage: ./penguin secrets import
      Copies every secret of the embedded store into Vault and reads each back. Safe to repeat.
      In the environment:
        PENGUIN_OWNER_URL            jdbc:postgresql://host:port/database
        PENGUIN_OWNER_PASSWORD       of penguin_owner, who alone finds the secrets of all tenants
        SPRING_DATASOURCE_PASSWORD   of penguin_app, who reads them, tenant by tenant
        PENGUIN_WORKER_KEYS_MASTER   default /etc/penguin/master.keys
        PENGUIN_SECRET_VAULT_ADDRESS, _ROLEID, _SECRETIDFILE, and where needed _MOUNT, _TRUSTROOTS\
      """;

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;

  public SecretsCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = Map.copyOf(environment);
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    System.exit(
        new SecretsCommand(System.getenv(), System.out, System.err).run(Arrays.asList(arguments)));
  }

  /// @return the exit code
  public int run(List<String> arguments) {
    var missing =
        Stream.of(
                "PENGUIN_OWNER_URL",
                "PENGUIN_OWNER_PASSWORD",
                "SPRING_DATASOURCE_PASSWORD",
                "PENGUIN_SECRET_VAULT_ADDRESS",
                "PENGUIN_SECRET_VAULT_ROLEID",
                "PENGUIN_SECRET_VAULT_SECRETIDFILE")
            .filter(name -> find(name).isEmpty())
            .toList();
    if (!arguments.equals(List.of("import")) || !missing.isEmpty()) {
      if (!missing.isEmpty()) {
        err.println("not set: " + String.join(", ", missing));
      }
      err.println(USAGE);
      return 2;
    }
    try {
      return tell(copy());
    } catch (OutsideException | IllegalStateException said) {
      err.println("Not all copied: " + said.getMessage());
    } catch (DataAccessException away) {
      err.println(
          "Not all copied: the database at %s refused or is away."
              .formatted(get("PENGUIN_OWNER_URL")));
    }
    err.println("Nothing was taken away anywhere; run this again when that is mended.");
    return 1;
  }

  private Outcome copy() {
    var tenancy = new Tenancy(as(Migrations.APP, get("SPRING_DATASOURCE_PASSWORD")));
    var master = find("PENGUIN_WORKER_KEYS_MASTER").orElse("/etc/penguin/master.keys");
    var embedded =
        new EmbeddedSecretStore(tenancy, new SecretRows(tenancy), KeyFile.open(Path.of(master)));
    var vault = new VaultSecretStore(settings(), Clock.systemUTC());
    var all =
        new AllSecrets(as(Migrations.OWNER, get("PENGUIN_OWNER_PASSWORD")))
            .list().stream()
                .map(version ->
                    new VaultImport.Version(
                        version.tenant(),
                        new SecretRef(version.path(), version.version()),
                        version.isDestroyed()))
                .toList();
    return new VaultImport(embedded, vault).copy(all);
  }

  private VaultSettings settings() {
    return VaultSettings.of(
        find("PENGUIN_SECRET_VAULT_ADDRESS"),
        find("PENGUIN_SECRET_VAULT_MOUNT").orElse("penguin"),
        find("PENGUIN_SECRET_VAULT_ROLEID"),
        find("PENGUIN_SECRET_VAULT_SECRETIDFILE"),
        find("PENGUIN_SECRET_VAULT_TRUSTROOTS"),
        find("PENGUIN_INSTALLATION_KIND").filter("test"::equalsIgnoreCase).isPresent());
  }

  private int tell(Outcome outcome) {
    out.printf(
        "%d copied into Vault and read back, %d were there and are the same, %d destroyed ones keep their numbers.%n",
        outcome.copied(), outcome.found(), outcome.destroyed());
    if (!outcome.conflicts().isEmpty()) {
      err.printf("%d could not be copied:%n", outcome.conflicts().size());
      outcome.conflicts().forEach(conflict -> err.println("  " + conflict));
      err.println("Mend these, run this again, and switch only then.");
      return 1;
    }
    out.println(
        """
        Next: stop api and worker, run this once more for what was written meanwhile, set
        PENGUIN_SECRET_STORE=vault for both, start them. The embedded store stays as it is; when Vault and
        its backups have proved themselves, remove the rows of the table "secret" and the master key.\
        """);
    return 0;
  }

  private DriverManagerDataSource as(String role, String password) {
    return new DriverManagerDataSource(get("PENGUIN_OWNER_URL"), role, password);
  }

  private Optional<String> find(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private String get(String name) {
    return find(name).orElseThrow();
  }
}
