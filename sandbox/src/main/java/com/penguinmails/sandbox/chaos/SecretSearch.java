package com.penguinmails.sandbox.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Whether a secret is where people read: in a row of any table but the one that keeps them
/// encrypted, or in a log.
final class SecretSearch {
  private static final String KEPT = "secret";

  private final Map<String, String> places = new TreeMap<>();

  /// @param rows all tables
  /// @param directory every `.log` below it
  SecretSearch(JdbcClient rows, Path directory) {
    for (var table : tables(rows)) {
      // A table's name comes from the catalogue, quoted by PostgreSQL itself.
      var text =
          rows.sql("SELECT string_agg(t::text, chr(10)) AS text FROM %s t".formatted(table))
              .query((row, _) -> String.valueOf(row.getString("text")))
              .single();
      places.put("table " + table, text);
    }
    try (var files = Files.walk(directory)) {
      for (var file : files.filter(one -> one.toString().endsWith(".log")).toList()) {
        places.put(
            "log " + directory.relativize(file),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the logs of " + directory + " cannot be read", e);
    }
  }

  private static List<String> tables(JdbcClient rows) {
    return rows.sql(
            """
            SELECT quote_ident(tablename) AS name FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> :kept ORDER BY 1
            """)
        .param("kept", KEPT)
        .query((row, _) -> row.getString("name"))
        .list();
  }

  /// @return where one of them is
  List<String> find(Collection<String> secrets) {
    var found = new ArrayList<String>();
    places.forEach((place, text) -> {
      if (secrets.stream().anyMatch(text::contains)) {
        found.add(place);
      }
    });
    return found;
  }
}
