package com.penguinmails.store.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.penguinmails.workflows.model.SecretRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Reads columns as values of the field, and writes values as parameters. A null column is an empty
/// `Optional`; where the table says NOT NULL, a null is a broken promise and throws.
public final class Columns {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Columns() {}

  public static UUID uuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  public static Optional<UUID> optionalUuid(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, UUID.class));
  }

  public static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  public static Optional<Instant> optionalInstant(ResultSet row, String column)
      throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  public static SecretRef secretRef(ResultSet row, String column) throws SQLException {
    return SecretRef.parse(row.getString(column));
  }

  public static Optional<SecretRef> optionalSecretRef(ResultSet row, String column)
      throws SQLException {
    return optionalText(row, column).map(SecretRef::parse);
  }

  public static Optional<String> optionalText(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  public static <E extends Enum<E>> E choice(ResultSet row, String column, Class<E> type)
      throws SQLException {
    return Enum.valueOf(type, row.getString(column));
  }

  /// A jsonb object of plain texts, in the order of its keys.
  public static Map<String, String> texts(ResultSet row, String column) throws SQLException {
    try {
      return JSON.readValue(row.getString(column), new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("column " + column + " is no map of texts", e);
    }
  }

  /// The parameter for a jsonb column: use as `CAST(:x AS jsonb)`.
  public static String json(Map<String, String> texts) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(texts));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts is always JSON", e);
    }
  }

  /// The parameter for a timestamptz column: the driver takes no `Instant`.
  public static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
