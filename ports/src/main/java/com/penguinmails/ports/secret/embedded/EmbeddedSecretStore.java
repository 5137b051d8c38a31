package com.penguinmails.ports.secret.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.secret.SecretRows.SecretRow;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// The secret store for installations without Vault: rows in PostgreSQL, encrypted under a master
/// key that is not in PostgreSQL. Tenant, path and version are bound into the encryption, so that a
/// row moved to another place does not open.
///
/// It is sealed for whatever was encrypted under a master key this process lacks.
public final class EmbeddedSecretStore implements SecretStore {
  private static final TypeReference<TreeMap<String, String>> FIELDS = new TypeReference<>() {};
  private static final int FIRST = 1;

  private final Tenancy tenancy;
  private final SecretRows rows;
  private final MasterKeys keys;
  private final ObjectMapper json = new ObjectMapper();

  public EmbeddedSecretStore(Tenancy tenancy, SecretRows rows, KeyFile masterKey) {
    this.tenancy = tenancy;
    this.rows = rows;
    this.keys = new MasterKeys(masterKey);
  }

  @Override
  public SecretRef putIfAbsent(TenantId tenant, String path, Map<String, String> fields) {
    var first = new SecretRef(path, FIRST);
    return inStore(
        tenant,
        () ->
            new SecretRef(
                path,
                rows.insertIfAbsent(path, keys.currentId(), seal(tenant, first, fields))
                    .version()));
  }

  @Override
  public SecretRef put(TenantId tenant, String path, Map<String, String> fields) {
    return inStore(
        tenant,
        () -> {
          var next = new SecretRef(path, rows.nextVersion(path)); // locks the path
          rows.insertNextVersion(path, keys.currentId(), seal(tenant, next, fields));
          return next;
        });
  }

  @Override
  public Map<String, String> get(TenantId tenant, SecretRef reference) {
    var row =
        inStore(tenant, () -> rows.find(reference.path(), reference.version()))
            .orElseThrow(
                () -> new Refused("secret %s does not exist for this tenant".formatted(reference)));
    return open(tenant, reference, row);
  }

  @Override
  public void destroy(TenantId tenant, SecretRef reference) {
    boolean _ = inStore(tenant, () -> rows.destroy(reference.path(), reference.version()));
  }

  private byte[] seal(TenantId tenant, SecretRef reference, Map<String, String> fields) {
    try {
      return keys.current()
          .encrypt(json.writeValueAsBytes(new TreeMap<>(fields)), place(tenant, reference));
    } catch (GeneralSecurityException | JsonProcessingException e) {
      throw new IllegalStateException("secret " + reference + " not encrypted");
    }
  }

  private Map<String, String> open(TenantId tenant, SecretRef reference, SecretRow row) {
    var ciphertext =
        row.ciphertext()
            .orElseThrow(() -> new Refused("secret %s was destroyed".formatted(reference)));
    var key =
        keys.find(row.keyId())
            .orElseThrow(() ->
                new Unavailable(
                    Cause.SECRET_STORE_UNAVAILABLE,
                    "the secret store is sealed for %s: it was encrypted with master key \"%s\", and the key file has %s; put the old key file back"
                        .formatted(reference, row.keyId(), keys.ids())));
    try {
      return Map.copyOf(json.readValue(key.decrypt(ciphertext, place(tenant, reference)), FIELDS));
    } catch (GeneralSecurityException e) {
      throw new Refused(
          "secret %s does not open with master key \"%s\": the row was altered or moved, or another key bears this id"
              .formatted(reference, row.keyId()));
    } catch (IOException e) {
      throw new Refused("secret %s holds no fields".formatted(reference)); // the cause may quote it
    }
  }

  private static byte[] place(TenantId tenant, SecretRef reference) {
    return ("penguin-secret-v1\n" + tenant + "\n" + reference).getBytes(StandardCharsets.UTF_8);
  }

  private <T> T inStore(TenantId tenant, Supplier<T> work) {
    try {
      return tenancy.as(tenant, work);
    } catch (DataAccessException | TransactionException e) {
      throw new Unavailable("the secret store's database does not answer", e);
    }
  }
}
