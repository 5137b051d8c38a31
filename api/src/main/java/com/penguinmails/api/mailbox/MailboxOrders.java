package com.penguinmails.api.mailbox;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.api.ApiSettings;
import com.penguinmails.api.mailbox.MailboxesReader.Line;
import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import com.penguinmails.api.tenant.Caller;
import com.penguinmails.ports.secret.MailboxPasswords;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.mailbox.MailboxCommands;
import com.penguinmails.store.mailbox.MailboxCommands.Command;
import com.penguinmails.store.mailbox.MailboxCommands.NewMailbox;
import com.penguinmails.store.mailbox.MailboxCommands.Outcome;
import com.penguinmails.store.mailbox.MailboxCommands.Told;
import com.penguinmails.store.mailbox.MailboxStore;
import com.penguinmails.store.mailbox.MailboxStore.Mailbox;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.MailboxId;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.SecretRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.stereotype.Service;

/// Takes what tenants order about mailboxes: the rows first, then the signal to the server.
@Service
class MailboxOrders {
  private final Tenancy tenancy;
  private final MailboxStore mailboxes;
  private final MailboxCommands commands;
  private final DomainStore domains;
  private final SecretStore secrets;
  private final ServerRuns runs;
  private final ApiSettings settings;

  MailboxOrders(Tenancy tenancy, SecretStore secrets, ServerRuns runs, ApiSettings settings) {
    this.tenancy = tenancy;
    this.mailboxes = new MailboxStore(tenancy);
    this.commands = new MailboxCommands(tenancy);
    this.domains = new DomainStore(tenancy);
    this.secrets = secrets;
    this.runs = runs;
    this.settings = settings;
  }

  /// Orders mailboxes, all or none, and answers them; a repeated order those of then, as they are
  /// now.
  List<Mailbox> create(Caller caller, DomainId domain, String key, List<Line> lines) {
    requireDomain(caller, domain);
    var parts = new ArrayList<>(List.of("create", domain.toString()));
    lines.forEach(line -> {
      parts.add(line.localPart());
      parts.add(line.displayName());
    });
    var wanted =
        lines.stream()
            .map(line ->
                new NewMailbox(
                    new MailboxId(UuidCreator.getTimeOrderedEpoch()),
                    line.localPart(),
                    line.displayName()))
            .toList();
    var command = command(key, parts);
    var outcome =
        tenancy.as(caller.tenant(), caller.actor(), () -> commands.create(command, domain, wanted));
    var told = told(caller, outcome, lines);
    return tenancy.reading(
        caller.tenant(),
        () ->
            commands.ordered(told.command()).stream()
                .flatMap(id -> mailboxes.find(id).stream())
                .toList());
  }

  /// One page of a domain's mailboxes.
  List<Mailbox> list(Caller caller, DomainId domain, String after, int limit) {
    requireDomain(caller, domain);
    return tenancy.reading(caller.tenant(), () -> mailboxes.ofDomain(domain, after, limit));
  }

  /// @throws ProblemException the tenant has no such mailbox
  Mailbox get(Caller caller, MailboxId id) {
    return tenancy
        .reading(caller.tenant(), () -> mailboxes.find(id))
        .orElseThrow(() -> ProblemException.notFound("mailbox"));
  }

  /// Shows the password, once. The right to see it is taken before the secret store is read: of two
  /// requests one sees it, and a process that dies in between has used it up.
  Revealed reveal(Caller caller, MailboxId id) {
    var mailbox = get(caller, id);
    var login = tenancy.as(caller.tenant(), caller.actor(), () -> commands.reveal(id));
    if (login.isEmpty()) {
      throw notShown(get(caller, id));
    }
    return new Revealed(mailbox, password(caller, id, login.get()));
  }

  private String password(Caller caller, MailboxId id, SecretRef login) {
    try {
      return Objects.requireNonNull(
          secrets.get(caller.tenant(), login).get("password"), "password");
    } catch (Unavailable nobodySawIt) {
      tenancy.as(
          caller.tenant(),
          caller.actor(),
          () -> {
            commands.unreveal(id, login);
            return true;
          });
      throw nobodySawIt;
    }
  }

  private static ProblemException notShown(Mailbox mailbox) {
    return switch (mailbox.state()) {
      case LEAVING, RETIRED -> gone();
      case READY ->
          new ProblemException(
              ProblemType.PASSWORD_REVEALED,
              "The password was shown at %s. Make a new one with POST /api/v1/mailboxes/%s/reset-password."
                  .formatted(
                      mailbox.revealedAt().map(Object::toString).orElse("once"), mailbox.id()));
      case WANTED, REMOVING -> notNow(mailbox.state());
    };
  }

  /// Makes another password, which may be revealed once.
  void resetPassword(Caller caller, MailboxId id, String key) {
    var mailbox = get(caller, id);
    if (mailbox.state() != Mailbox.State.READY && !isKnown(caller, key)) {
      throw mailbox.isWanted() || mailbox.state() == Mailbox.State.REMOVING
          ? notNow(mailbox.state())
          : gone();
    }
    var login = keep(caller, id, key);
    change(
        caller,
        key,
        List.of("reset", id.toString()),
        command -> commands.resetPassword(command, id, login));
  }

  private boolean isKnown(Caller caller, String key) {
    return tenancy.reading(caller.tenant(), () -> commands.isKnown(key));
  }

  /// In the secret store first; the same key again finds what it made.
  private SecretRef keep(Caller caller, MailboxId id, String key) {
    var password = MailboxPasswords.generate();
    return secrets.putIfAbsent(
        caller.tenant(),
        "mailbox/%s/login/%s"
            .formatted(id, UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8))),
        Map.of("password", password, "hash", MailboxPasswords.dovecotHash(password)));
  }

  void remove(Caller caller, MailboxId id, String key) {
    change(
        caller,
        key,
        List.of("remove", id.toString()),
        command -> commands.remove(command, id, settings.mailboxGrace()));
  }

  void restore(Caller caller, MailboxId id, String key) {
    change(
        caller, key, List.of("restore", id.toString()), command -> commands.restore(command, id));
  }

  private void change(
      Caller caller, String key, List<String> parts, Function<Command, Outcome> write) {
    var command = command(key, parts);
    var outcome = tenancy.as(caller.tenant(), caller.actor(), () -> write.apply(command));
    var _ = told(caller, outcome, List.of());
  }

  private Told told(Caller caller, Outcome outcome, List<Line> lines) {
    var taken =
        switch (outcome) {
          case Outcome.Taken(Told command) -> command;
          case Outcome.KeyConflict _ ->
              throw new ProblemException(
                  ProblemType.IDEMPOTENCY_KEY_REUSED,
                  "This Idempotency-Key came before with another request.");
          case Outcome.Unknown _ -> throw ProblemException.notFound("mailbox");
          case Outcome.NotSetUp _ ->
              throw new ProblemException(
                  ProblemType.DOMAIN_NOT_SET_UP,
                  "No set-up of the domain is DONE on the server it is on.");
          case Outcome.NotNow(var state) ->
              throw state == Mailbox.State.LEAVING || state == Mailbox.State.RETIRED
                  ? gone()
                  : notNow(state);
          case Outcome.AddressesTaken(var states) -> throw taken(lines, states);
          case Outcome.TooMany(int there) ->
              throw ProblemException.invalid(
                  List.of(
                      new Fault(
                          "mailboxes",
                          "are too many: the domain has %d already, and may have %d"
                              .formatted(there, MailboxCommands.MAX_OF_DOMAIN))));
        };
    if (!taken.isTold() && runs.tell(caller.tenant(), taken)) {
      tenancy.run(caller.tenant(), () -> commands.recordTold(taken.command()));
    }
    return taken;
  }

  private static ProblemException taken(List<Line> lines, Map<String, Mailbox.State> states) {
    var faults = new ArrayList<Fault>();
    for (int number = 0; number < lines.size(); number++) {
      var state = Optional.ofNullable(states.get(lines.get(number).localPart()));
      if (state.isPresent()) {
        faults.add(new Fault(MailboxesReader.field(number), taken(state.get())));
      }
    }
    return ProblemException.invalid(faults);
  }

  private static String taken(Mailbox.State state) {
    return switch (state) {
      case WANTED, READY -> "is a mailbox of this domain already";
      case REMOVING ->
          "is being removed; take that back with its restore, or wait until it is gone";
      case LEAVING, RETIRED -> "is being taken off the server; order it again in some minutes";
    };
  }

  private static ProblemException notNow(Mailbox.State state) {
    return new ProblemException(
        ProblemType.MAILBOX_NOT_READY,
        state == Mailbox.State.REMOVING
            ? "The mailbox is being removed; restore it first."
            : "The server does not have the mailbox as ordered yet; it is " + state + ".");
  }

  private static ProblemException gone() {
    return new ProblemException(
        ProblemType.MAILBOX_GONE, "The mailbox was removed, and its time of grace is over.");
  }

  private void requireDomain(Caller caller, DomainId domain) {
    if (tenancy.reading(caller.tenant(), () -> domains.find(domain)).isEmpty()) {
      throw ProblemException.notFound("domain");
    }
  }

  /// Holds no secret, so a plain hash is enough.
  private static Command command(String key, List<String> parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part : parts) { // with its length, so that no two lists are the same bytes
        var bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
      }
      return new Command(
          UuidCreator.getTimeOrderedEpoch(), key, HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// A password on its way to the one who asked; `toString` never shows it.
  record Revealed(Mailbox mailbox, String password) {
    @Override
    public String toString() {
      return "Revealed[" + mailbox.id() + ", …]";
    }
  }
}
