package com.penguinmails.worker.staff;

import com.penguinmails.store.ledger.LedgerStore;
import com.penguinmails.store.staff.RestartStore;
import com.penguinmails.store.staff.StaffStore;
import com.penguinmails.store.staff.StaffStore.OrderStands;
import com.penguinmails.store.staff.StaffStore.Waiting;
import com.penguinmails.store.staff.StaffStore.Word;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/// `./penguin staff …`: what waits for staff, and their word about it. Every command may be
/// repeated. Exit codes: 0 done, 1 not done, 2 wrong usage.
@Command(
    name = "penguin staff",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    description = "What waits for staff, and their word about it. Safe to repeat.",
    footer = "Settings and what to do about each cause: docs/operating.md.")
public final class StaffCommand {
  private static final String PERSON = "who says so; stays in the audit";

  private final StaffSettings settings;
  private final PrintWriter out;
  private final PrintWriter err;

  private StaffCommand(Map<String, String> environment, PrintWriter out, PrintWriter err) {
    this.settings = new StaffSettings(environment);
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    System.exit(
        run(
            System.getenv(),
            new PrintWriter(System.out, true, System.out.charset()),
            new PrintWriter(System.err, true, System.err.charset()),
            arguments));
  }

  /// Names of what can be done.
  static Set<String> commands() {
    var nowhere = new PrintWriter(Writer.nullWriter());
    return new CommandLine(new StaffCommand(Map.of(), nowhere, nowhere)).getSubcommands().keySet();
  }

  /// @return the exit code
  public static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new StaffCommand(environment, out, err))
        .registerConverter(ServerId.class, read("a server's id", ServerId::of))
        .registerConverter(IncidentId.class, read("an incident's id", IncidentId::of))
        .registerConverter(OrderLabel.class, read("a label of ours", OrderLabel::new))
        .setOut(out)
        .setErr(err)
        .execute(arguments);
  }

  @Command(name = "incidents", description = "What waits for staff, oldest first.")
  int incidents() {
    return telling(() -> {
      var waiting = store().incidents();
      waiting.forEach(this::show);
      out.println(waiting.isEmpty() ? "Nothing waits for staff." : waiting.size() + " in all.");
      return 0;
    });
  }

  @Command(
      name = "close",
      description = "A second server under one label is cleared up: its incident ends.")
  int close(
      @Parameters(paramLabel = "INCIDENT", description = "its id") IncidentId incident,
      @Option(names = "--as", required = true, description = PERSON) String person,
      @Option(names = "--reason", required = true, description = "what was done") String reason) {
    return telling(() -> {
      var found = store().incidents().stream().filter(one -> one.id().equals(incident)).findFirst();
      if (found.isEmpty()) {
        return not("No open incident of staff's has the id " + incident + ".");
      }
      var cause = causeOf(found.get());
      if (cause != Cause.PURCHASE_DOUBLED) {
        return not(
            "%s is not closed by hand: %s"
                .formatted(
                    cause,
                    cause == Cause.SERVER_PARKED
                        ? "it ends when the server is given up (release)."
                        : "it ends by itself when the work goes on."));
      }
      return store().close(incident, word(person, reason))
          ? done("Closed.")
          : not("Somebody closed it meanwhile.");
    });
  }

  @Command(
      name = "release",
      description = "A parked server was given up at its seller: nothing is paid for it any more.")
  int release(
      @Parameters(paramLabel = "LABEL", description = "its name there: pm-…") OrderLabel label,
      @Option(names = "--as", required = true, description = PERSON) String person,
      @Option(names = "--reason", required = true, description = "what was done") String reason) {
    return telling(() ->
        store().release(label, word(person, reason))
            ? done("Released: no cap counts it any more.")
            : not(
                store()
                    .stands(label)
                    .map(StaffCommand::whyNotReleased)
                    .orElseGet(() -> "No order has the label " + label + ".")));
  }

  private static String whyNotReleased(OrderStands order) {
    if (order.isClosed()) {
      return "It is released already, or nothing was ever bought for it.";
    }
    return "Its server is in use and not parked%s. Have the tenant retire its set-ups first."
        .formatted(
            order.mailboxes() == 0 ? "" : ", and has %d mailboxes".formatted(order.mailboxes()));
  }

  @Command(
      name = "adopt",
      description = "A server at the seller is this order's, and has its label: it is used.")
  int adopt(
      @Parameters(paramLabel = "SERVER", description = "id of ours, as incidents tell it")
          ServerId server,
      @Parameters(paramLabel = "FOUND", description = "its id at the seller") String found,
      @Option(names = "--as", required = true, description = PERSON) String person) {
    return telling(() -> {
      try (var runs = new ServerRuns(settings)) {
        runs.adopt(server, new ProviderServerId(found), named(person));
      }
      return done("Written; the set-up goes on with it.");
    });
  }

  @Command(
      name = "not-bought",
      description = "Looked up at the seller: a try to buy bought nothing, and is repeated.")
  int notBought(
      @Parameters(paramLabel = "SERVER", description = "id of ours, as incidents tell it")
          ServerId server,
      @Option(
              names = "--try",
              required = true,
              paramLabel = "N",
              description = "which try, as incidents tell it: of later ones nothing is said")
          int attempt,
      @Option(names = "--as", required = true, description = PERSON) String person) {
    return telling(() -> {
      try (var runs = new ServerRuns(settings)) {
        runs.confirmNotBought(server, attempt, named(person));
      }
      return done("Written; unless something else is against it, it is bought again.");
    });
  }

  @Command(
      name = "repair",
      description = "What a sweep found is repaired now, where a program can do it.")
  int repair(
      @Parameters(paramLabel = "INCIDENT", description = "its id") IncidentId incident,
      @Option(names = "--as", required = true, description = PERSON) String person) {
    return telling(() -> {
      var found = store().incidents().stream().filter(one -> one.id().equals(incident)).findFirst();
      if (found.isEmpty()) {
        return not("No open incident of staff's has the id " + incident + ".");
      }
      if (found.get().repair().isEmpty() || found.get().tenant().isEmpty()) {
        return not(
            "There is nothing that a program can do about %s.%s"
                .formatted(
                    causeOf(found.get()),
                    found.get().proposal().map(helps -> " What helps: " + helps).orElse("")));
      }
      try (var runs = new RepairRuns(settings)) {
        var result = runs.repair(found.get().tenant().orElseThrow(), incident, named(person));
        return result.isDone() ? done(result.said()) : not(result.said());
      }
    });
  }

  @Command(
      name = "purchases",
      description = "What may be bought; with options, changes it. What waits goes on by itself.")
  int purchases(
      @Option(names = "--stop", paramLabel = "REASON", description = "buy nothing from now on")
          Optional<String> stop,
      @Option(names = "--go", description = "buy again") boolean isGo,
      @Option(names = "--tenant", paramLabel = "SUM", description = "a month, for each tenant")
          Optional<String> ofTenant,
      @Option(names = "--all", paramLabel = "SUM", description = "a month, for all together")
          Optional<String> ofAll,
      @Option(names = "--as", description = PERSON) Optional<String> person) {
    return telling(() -> {
      var now = store().purchases();
      boolean isChange = stop.isPresent() || isGo || ofTenant.isPresent() || ofAll.isPresent();
      if (isChange && person.isEmpty()) {
        return wrong("--as is missing: who says so");
      }
      if (stop.isPresent() && isGo) {
        return wrong("--stop and --go exclude each other");
      }
      var tenantCap = ofTenant.map(sum -> Money.parse(sum, now.ofTenant().currency()));
      var wholeCap = ofAll.map(sum -> Money.parse(sum, now.ofAll().currency()));
      stop.ifPresent(reason -> store().stopPurchases(word(person.orElseThrow(), reason)));
      if (isGo) {
        store().allowPurchases(named(person.orElseThrow()));
      }
      if (tenantCap.isPresent() || wholeCap.isPresent()) {
        store().cap(tenantCap, wholeCap, named(person.orElseThrow()));
      }
      var counts = store().purchases();
      out.println(counts.stopped().map(why -> "Stopped: " + why).orElse("Servers may be bought,"));
      out.printf("  for %s a month by each tenant,%n", counts.ofTenant());
      out.printf("  for %s a month by all together.%n", counts.ofAll());
      return 0;
    });
  }

  @Command(
      name = "ledger",
      description = {
        "What servers cost, call by call and month by month: every purchase, change of address, renewal and release.",
        "Computed from the orders, of all tenants."
      })
  int ledger(
      @Option(
              names = "--since",
              paramLabel = "DAY",
              description = "first day (UTC), such as 2026-11-01; default: the first of this month")
          Optional<LocalDate> since,
      @Option(names = "--until", paramLabel = "DAY", description = "last day; default: today")
          Optional<LocalDate> until) {
    var today = LocalDate.now(ZoneOffset.UTC);
    var first = since.orElse(today.withDayOfMonth(1));
    var last = until.orElse(today);
    return last.isBefore(first)
        ? wrong("--until is before --since")
        : telling(() -> {
          new Bookkeeping(ledgerStore(), out).show(first, last);
          return 0;
        });
  }

  @Command(
      name = "invoices",
      description = {
        "What a seller charged, beside the ledger. With a file, its lines are kept first.",
        "The file is CSV with the columns invoice, day, server, amount, currency. 0: both agree, 1: they do not."
      })
  int invoices(
      @Parameters(arity = "0..1", paramLabel = "FILE", description = "CSV, in UTF-8")
          Optional<Path> file,
      @Option(
              names = "--seller",
              paramLabel = "NAME",
              description = "whose; not needed while there is one")
          Optional<String> seller,
      @Option(names = "--as", description = PERSON) Optional<String> person) {
    if (file.isPresent() && person.isEmpty()) {
      return wrong("--as is missing: who says so");
    }
    return telling(() -> {
      var books = new Bookkeeping(ledgerStore(), out);
      var whose = books.seller(seller);
      if (file.isPresent()) {
        books.keep(whose, InvoiceFile.read(file.get(), whose), named(person.orElseThrow()));
      }
      return books.compare(whose) ? 0 : 1;
    });
  }

  @Command(
      name = "restart",
      description = {
        "Temporal's data was lost, or is an older copy: every run that should be there is started from the database.",
        "Nothing that was done is done again. Runs that are there are told to look how far they are."
      })
  int restart(
      @Option(names = "--dry-run", description = "only say what has no run") boolean isDry,
      @Option(
              names = "--per-second",
              paramLabel = "N",
              defaultValue = "20",
              description = "how many at most, so that hosts and name servers are not overrun: 20")
          int perSecond) {
    return perSecond < 1
        ? wrong("--per-second is at least 1")
        : telling(() -> {
          try (var temporal = new StaffTemporal(settings)) {
            var runs = new EntityRuns(temporal, settings.pace());
            var restart = new Restart(new RestartStore(settings.database()), runs, perSecond, out);
            return isDry ? restart.rehearse() : restart.run();
          }
        });
  }

  private void show(Waiting waiting) {
    var cause = causeOf(waiting);
    out.printf("%s  %s  since %s%n", waiting.id(), cause, waiting.openedAt());
    out.printf(
        "  %s %s%s%s%n",
        waiting.kind().name().toLowerCase(Locale.ROOT),
        waiting.entity(),
        waiting.setup().map(setup -> ", set-up " + setup).orElse(""),
        waiting
            .tenant()
            .map(tenant -> ", tenant " + tenant)
            .orElse(", of no tenant that is known"));
    out.printf("  %s%n", cause.what());
    if (!waiting.evidence().isBlank()) {
      out.printf("  seen: %s%n", waiting.evidence());
    }
    waiting
        .account()
        .filter(account -> !account.equals(waiting.evidence()))
        .ifPresent(account -> out.printf("  last sweep: %s%n", account));
    waiting.orders().forEach(order -> out.printf("  order: %s%n", order));
    waiting.perDay().ifPresent(sum -> out.printf("  cost: %s a day%n", sum));
    waiting.proposal().ifPresent(proposal -> out.printf("  helps: %s%n", proposal));
    waiting
        .repair()
        .ifPresent(repair -> out.printf("  repair: %s, by `repair %s`%n", repair, waiting.id()));
  }

  /// Runs a command; what is away or refused is said in a sentence.
  private int telling(IntSupplier command) {
    try {
      return command.getAsInt();
    } catch (NotKnown said) {
      err.println("Not known: " + said.getMessage());
      return 1;
    } catch (StaffSettings.Missing | NotTaken | IllegalArgumentException said) {
      return not(String.valueOf(said.getMessage()));
    } catch (DataAccessException | CannotCreateTransactionException away) {
      return not("The database at " + settings.databaseUrl() + " refused or is away.");
    }
  }

  private StaffStore store() {
    return new StaffStore(settings.database());
  }

  private LedgerStore ledgerStore() {
    return new LedgerStore(settings.database());
  }

  private int done(String said) {
    out.println(said);
    return 0;
  }

  private int not(String said) {
    err.println("Not done: " + said);
    return 1;
  }

  private int wrong(String said) {
    err.println(said);
    return 2;
  }

  private static Cause causeOf(Waiting waiting) {
    return Cause.valueOf(waiting.cause().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static Word word(String person, String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("the reason is empty");
    }
    return new Word(named(person), reason);
  }

  private static String named(String person) {
    if (person.isBlank()) {
      throw new IllegalArgumentException("--as is empty: who says so");
    }
    return person;
  }

  private static <T> ITypeConverter<T> read(String what, ITypeConverter<T> reader) {
    return text -> {
      try {
        return reader.convert(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("\"" + text + "\" is not " + what);
      }
    };
  }
}
