package com.penguinmails.worker.staff;

import com.penguinmails.store.ledger.InvoiceLine;
import com.penguinmails.workflows.model.Money;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.reader.NamedCsvRecordHandler;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// A seller's invoices as CSV (RFC 4180, UTF-8): a header with at least `invoice`, `day`
/// (`2026-11-03`), `server` (its id at the seller, or its name there), `amount` (`4.99`) and
/// `currency` (`USD`); one line for each thing that was charged. Other columns are passed over.
final class InvoiceFile {
  private static final List<String> COLUMNS =
      List.of("invoice", "day", "server", "amount", "currency");

  private static final String BYTE_ORDER_MARK = "\uFEFF"; // some spreadsheets write one
  private static final long MAX_BYTES = 10_000_000;
  private static final int MAX_COLUMNS = 100;
  private static final int MAX_FIELD = 1_000;
  private static final int MAX_NAME = 100; // of what is kept

  private InvoiceFile() {}

  /// @param provider whose invoices they are
  /// @throws NotTaken cannot be read as such; says which line
  static List<InvoiceLine> read(Path file, String provider) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new NotTaken("%s has more than %,d bytes.".formatted(file, MAX_BYTES));
      }
      var text = Files.readString(file);
      var handler =
          NamedCsvRecordHandler.builder().maxFields(MAX_COLUMNS).maxFieldSize(MAX_FIELD).build();
      return lines(
          CsvReader.builder()
              .skipEmptyLines(true)
              .allowUnclosedQuote(false)
              .build(handler, text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text),
          provider);
    } catch (CharacterCodingException e) {
      throw new NotTaken("%s is not in UTF-8.".formatted(file), e);
    } catch (CsvParseException e) {
      throw new NotTaken("%s is no CSV: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new NotTaken("%s cannot be read.".formatted(file), e);
    }
  }

  private static List<InvoiceLine> lines(Iterable<NamedCsvRecord> records, String provider) {
    var lines = new ArrayList<InvoiceLine>();
    var counts = new HashMap<String, Integer>();
    for (var each : records) {
      var missing = COLUMNS.stream().filter(name -> !each.getHeader().contains(name)).toList();
      if (!missing.isEmpty()) {
        throw new NotTaken("The columns %s are missing in the header.".formatted(missing));
      }
      int wanted = each.getHeader().size();
      if (each.getFieldCount() != wanted) {
        throw notTaken(each, "%d fields instead of %d".formatted(each.getFieldCount(), wanted));
      }
      try {
        var invoice = name(each, "invoice");
        lines.add(
            new InvoiceLine(
                provider,
                invoice,
                counts.merge(invoice, 1, Integer::sum),
                LocalDate.parse(each.getField("day").strip()),
                name(each, "server"),
                Money.parse(each.getField("amount"), each.getField("currency").strip())));
      } catch (DateTimeParseException e) {
        throw notTaken(each, "the day \"" + each.getField("day") + "\" is not like 2026-11-03");
      } catch (IllegalArgumentException e) {
        throw notTaken(each, String.valueOf(e.getMessage()));
      }
    }
    if (lines.isEmpty()) {
      throw new NotTaken("There is no line in it.");
    }
    return lines;
  }

  private static String name(NamedCsvRecord each, String column) {
    var text = each.getField(column).strip();
    if (text.isEmpty() || text.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "%s is empty, or longer than %d characters".formatted(column, MAX_NAME));
    }
    return text;
  }

  private static NotTaken notTaken(NamedCsvRecord each, String why) {
    return new NotTaken("Line %d: %s.".formatted(each.getStartingLineNumber(), why));
  }
}
