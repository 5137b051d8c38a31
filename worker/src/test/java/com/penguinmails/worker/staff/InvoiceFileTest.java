package com.penguinmails.worker.staff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.store.ledger.InvoiceLine;
import com.penguinmails.workflows.model.Money;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reads a seller's invoices, and says which line it does not take.
class InvoiceFileTest {
  private static final String HEADER = "invoice,day,server,amount,currency\n";

  @TempDir private Path directory;

  @Test
  void readsColumnsInAnyOrderAndCountsTheLinesOfEachInvoice() throws IOException {
    var file =
        write(
            """
            \uFEFFday,"what, and for when",server,currency,amount,invoice
            2026-11-03,"VPS, one month",7001,USD,9.99,A-1

            2026-11-04,"a ""new"" address",7001,USD,3,A-2
            2026-11-03,VPS,pm-t3st01-x,USD, 4.50 ,A-1
            """);

    assertThat(InvoiceFile.read(file, "hostwinds"))
        .containsExactly(
            line("A-1", 1, "2026-11-03", "7001", 999),
            line("A-2", 1, "2026-11-04", "7001", 300),
            line("A-1", 2, "2026-11-03", "pm-t3st01-x", 450));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A-1,3.11.2026,7001,9.99,USD | Line 2: the day \"3.11.2026\" is not like 2026-11-03.",
        "A-1,2026-11-03,7001,-9.99,USD | Line 2: negative sum: -999 cents.",
        "A-1,2026-11-03,7001,9.999,USD | Line 2: not a sum in cents: \"9.999\".",
        "A-1,2026-11-03,7001,9.99,dollars | Line 2: not a currency code: \"dollars\".",
        "A-1,2026-11-03,,9.99,USD | Line 2: server is empty, or longer than 100 characters.",
        "A-1,2026-11-03,7001,9.99 | Line 2: 4 fields instead of 5.",
        "A-1,2026-11-03,7001,9.99,USD,too much | Line 2: 6 fields instead of 5.",
        "A-1,2026-11-03,\"7001,9.99,USD | is no CSV",
      },
      quoteCharacter = '\0')
  void saysWhichLineItDoesNotTake(String row, String why) throws IOException {
    var file = write(HEADER + row + "\n");

    assertThatThrownBy(() -> InvoiceFile.read(file, "hostwinds"))
        .isInstanceOf(NotTaken.class)
        .hasMessageContaining(why);
  }

  @Test
  void refusesWhatIsNoSuchFile() throws IOException {
    var noHeader = write("A-1,2026-11-03,7001,9.99,USD\nA-2,2026-11-03,7001,9.99,USD\n");
    assertThatThrownBy(() -> InvoiceFile.read(noHeader, "hostwinds"))
        .hasMessage(
            "The columns [invoice, day, server, amount, currency] are missing in the header.");
    var empty = write(HEADER);
    assertThatThrownBy(() -> InvoiceFile.read(empty, "hostwinds"))
        .hasMessage("There is no line in it.");
    var absent = directory.resolve("absent.csv");
    assertThatThrownBy(() -> InvoiceFile.read(absent, "hostwinds"))
        .hasMessage(absent + " cannot be read.");
    var latin = directory.resolve("latin.csv");
    Files.write(latin, (HEADER + "Ä\n").getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> InvoiceFile.read(latin, "hostwinds"))
        .hasMessage(latin + " is not in UTF-8.");
    var vast = write(HEADER + "x".repeat(10_000_000));
    assertThatThrownBy(() -> InvoiceFile.read(vast, "hostwinds"))
        .hasMessageContaining("has more than 10,000,000 bytes");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("bill.csv"), text);
  }

  private static InvoiceLine line(String invoice, int line, String day, String server, long cents) {
    return new InvoiceLine(
        "hostwinds", invoice, line, LocalDate.parse(day), server, new Money(cents, "USD"));
  }
}
