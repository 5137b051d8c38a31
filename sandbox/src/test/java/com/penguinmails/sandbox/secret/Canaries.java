package com.penguinmails.sandbox.secret;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Every secret of an installation, from where it is kept.
final class Canaries {
  private static final Set<String> PUBLIC_FIELDS = Set.of("line", "fingerprint", "public", "chain");

  private Canaries() {}

  /// What the world made for its parts: the hosts' root password, database roles, probe mailbox,
  /// tokens, the tenant's API key.
  static List<Secret> ofWorldFile(Path file) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.stringPropertyNames().stream()
        .filter(name -> name.startsWith("password.") || name.equals("tenant.key"))
        .map(name -> Secret.of(name, properties.getProperty(name)))
        .toList();
  }

  /// The keys of a key file.
  static List<Secret> ofKeyFile(String name, Path file) {
    return KeyFile.open(file).keys().values().stream().map(key -> Secret.of(name, key)).toList();
  }

  /// What the product keeps in its secret store, read as the product reads it.
  static List<Secret> ofStore(EmbeddedDatabase database, SecretStore store) {
    record Row(TenantId tenant, SecretRef reference) {}
    var rows =
        JdbcClient.create(database.superuser("penguin"))
            .sql("SELECT tenant_id, path, version FROM secret WHERE destroyed_at IS NULL")
            .query((row, _) ->
                new Row(
                    new TenantId(row.getObject("tenant_id", UUID.class)),
                    new SecretRef(row.getString("path"), row.getInt("version"))))
            .list();
    var secrets = new ArrayList<Secret>();
    for (var row : rows) {
      store
          .get(row.tenant(), row.reference())
          .forEach((field, value) -> {
            if (!PUBLIC_FIELDS.contains(field)) {
              secrets.add(Secret.of(kind(row.reference()) + " " + field, withoutForm(value)));
            }
          });
    }
    return secrets;
  }

  /// `domain/<id>/dkim/pm202611` is `domain dkim`.
  private static String kind(SecretRef reference) {
    var parts = new ArrayList<>(List.of(reference.path().split("/")));
    parts.removeIf(part -> part.length() == 36 || part.matches("pm[0-9]+"));
    return String.join(" ", parts).replaceAll("-[0-9a-f]{16}|-[0-9]+$", "");
  }

  /// A password hash begins as all of its kind do.
  private static String withoutForm(String value) {
    return value.startsWith("{ARGON2ID}") ? value.substring(value.lastIndexOf('$') + 1) : value;
  }
}
