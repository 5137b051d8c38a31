package com.penguinmails.sandbox.vps;

import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/// The simulated provider's books: servers and invoices, in one file that is replaced by rename
/// after every change.
final class ProviderBooks {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int FIRST_ID = 700_100;

  private final Path file;
  private final Clock clock;
  private Pages pages;

  /// @param addresses numbers given out so far, the next one included
  record Pages(List<RentedServer> servers, List<Invoice> invoices, int addresses) {}

  /// @param reason `add_instance`, `change_main_ip`, …
  record Invoice(int id, int server, String reason, Money total, Instant at) {}

  private ProviderBooks(Path file, Clock clock, Pages pages) {
    this.file = file;
    this.clock = clock;
    this.pages = pages;
  }

  static ProviderBooks open(Path file, Clock clock) {
    var pages =
        Files.exists(file)
            ? JSON.readValue(file.toFile(), Pages.class)
            : new Pages(List.of(), List.of(), 0);
    return new ProviderBooks(file, clock, pages);
  }

  synchronized List<RentedServer> servers() {
    return pages.servers();
  }

  synchronized List<Invoice> invoices() {
    return pages.invoices();
  }

  synchronized Optional<RentedServer> find(int id) {
    return pages.servers().stream()
        .filter(server -> server.id() == id && !server.isTerminated())
        .findFirst();
  }

  /// Sells one and charges for it at once.
  synchronized RentedServer sell(
      String label,
      String rid,
      String place,
      String image,
      String password,
      Money price,
      IntFunction<IpAddress> addresses) {
    int id = FIRST_ID + pages.servers().size();
    int number = pages.addresses();
    var server =
        new RentedServer(
            id,
            label,
            rid,
            place,
            image,
            password,
            number,
            addresses.apply(number),
            clock.instant(),
            RentedServer.Power.BUILDING,
            false);
    var servers = new ArrayList<>(pages.servers());
    servers.add(server);
    write(new Pages(servers, charged(id, "add_instance", price), number + 1));
    return server;
  }

  /// Number of the address that is given out next.
  synchronized int nextAddress() {
    return pages.addresses();
  }

  /// Another address, and its invoice.
  synchronized RentedServer readdress(int id, Money price, IntFunction<IpAddress> addresses) {
    int number = pages.addresses();
    change(id, server -> server.at(number, addresses.apply(number)));
    write(new Pages(pages.servers(), charged(id, "change_main_ip", price), number + 1));
    return find(id).orElseThrow();
  }

  synchronized void charge(int id, String reason, Money price) {
    write(new Pages(pages.servers(), charged(id, reason, price), pages.addresses()));
  }

  synchronized void change(int id, UnaryOperator<RentedServer> how) {
    write(
        new Pages(
            pages.servers().stream()
                .map(server -> server.id() == id ? how.apply(server) : server)
                .toList(),
            pages.invoices(),
            pages.addresses()));
  }

  private List<Invoice> charged(int server, String reason, Money total) {
    var invoices = new ArrayList<>(pages.invoices());
    invoices.add(new Invoice(invoices.size() + 1, server, reason, total, clock.instant()));
    return invoices;
  }

  private void write(Pages next) {
    try {
      var fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.write(fresh, JSON.writeValueAsBytes(next));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      pages = next;
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated provider's books cannot be written", e);
    }
  }
}
