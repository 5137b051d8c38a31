package com.penguinmails.api.setup;

import com.github.f4b6a3.uuid.UuidCreator;
import com.google.common.util.concurrent.Striped;
import com.penguinmails.api.ApiSettings;
import com.penguinmails.api.InstallationSettings;
import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import com.penguinmails.api.setup.CreateSetup.KnownServer;
import com.penguinmails.api.setup.CreateSetup.ServerAccess;
import com.penguinmails.api.setup.CreateSetup.ServerOffer;
import com.penguinmails.api.setup.CreateSetup.ServerWish;
import com.penguinmails.api.setup.OrderSecrets.Kept;
import com.penguinmails.api.tenant.Caller;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.certificate.CertificateStore;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.domain.DomainStore.NewDomain;
import com.penguinmails.store.server.OrderStore.NewOrder;
import com.penguinmails.store.server.Server;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.server.ServerStore.NewServer;
import com.penguinmails.store.setup.HoldStore;
import com.penguinmails.store.setup.HoldStore.Retiring;
import com.penguinmails.store.setup.NewSetup;
import com.penguinmails.store.setup.NewSetup.ServerChoice;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.store.setup.SetupCommands;
import com.penguinmails.store.setup.SetupCommands.Command;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.setup.SetupStore.Requested;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.store.tenant.WorkspaceStore;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;

/// Takes orders for set-ups: secrets into the secret store first, then the rows, then the run.
@Service
class SetupOrders {
  private static final int SSH = 22;
  private static final int TENANTS_AT_ONCE = 64;

  private final Tenancy tenancy;
  private final SetupStore setups;
  private final HoldStore holds;
  private final SetupCommands commands;
  private final ServerStore servers;
  private final DomainStore domains;
  private final WorkspaceStore workspaces;
  private final TenantStore tenants;
  private final OrderSecrets secrets;
  private final RequestHash hash;
  private final CertificateStore certificates;
  private final ApiSettings settings;
  private final SetupRuns runs;
  private final Corrections corrections;
  private final InstallationSettings installation;
  private final SecureRandom random = new SecureRandom();

  /// One tenant's orders are decided one after the other. They wait here, where it takes no
  /// connection from anybody.
  private final Striped<Lock> turns = Striped.lock(TENANTS_AT_ONCE);

  SetupOrders(
      Tenancy tenancy,
      TenantStore tenants,
      SecretStore secrets,
      RequestHash hash,
      SetupRuns runs,
      Corrections corrections,
      InstallationSettings installation,
      ApiSettings settings) {
    this.tenancy = tenancy;
    this.setups = new SetupStore(tenancy);
    this.holds = new HoldStore(tenancy);
    this.commands = new SetupCommands(tenancy);
    this.servers = new ServerStore(tenancy);
    this.domains = new DomainStore(tenancy);
    this.certificates = new CertificateStore(tenancy);
    this.settings = settings;
    this.workspaces = new WorkspaceStore(tenancy);
    this.tenants = tenants;
    this.secrets = new OrderSecrets(secrets);
    this.hash = hash;
    this.runs = runs;
    this.corrections = corrections;
    this.installation = installation;
  }

  /// Creates the set-up, or answers the one the same request made before.
  ///
  /// @throws ProblemException the key was used for another request, the domain is busy, or the
  ///   server is being given back
  SetupId create(Caller caller, String key, CreateSetup request) {
    return create(caller, key, request, ownershipToken());
  }

  /// As above, with a proof of ownership that was named before.
  SetupId create(Caller caller, String key, CreateSetup request, String ownershipToken) {
    var tenant = caller.tenant();
    var requestHash = hash.of(tenant, request);
    var id = new SetupId(UuidCreator.getTimeOrderedEpoch());
    // A repeated request writes nothing, its secrets neither.
    boolean isRepeated = tenancy.reading(tenant, () -> setups.findByKey(key)).isPresent();
    var kept = isRepeated ? Kept.nothing() : secrets.keep(tenant, id, request);
    var spare = new ArrayList<>(kept.all());
    try {
      return answer(
          caller,
          request,
          inTurn(
              tenant,
              () ->
                  tenancy.as(
                      tenant,
                      caller.actor(),
                      () -> {
                        var rows =
                            rows(caller, id, key, requestHash, request, kept, ownershipToken);
                        requireRoom(rows);
                        var requested = setups.request(rows);
                        if (requested instanceof Requested.Created(var setup)) {
                          spare.removeAll(referredTo(setup)); // before anything can be committed
                        }
                        return requested;
                      })));
    } finally {
      secrets.discard(tenant, spare);
    }
  }

  private SetupId answer(Caller caller, CreateSetup request, Requested outcome) {
    return switch (outcome) {
      case Requested.Created created -> started(caller, created.setup());
      case Requested.Same same -> started(caller, same.setup());
      case Requested.KeyConflict _ ->
          throw new ProblemException(
              ProblemType.IDEMPOTENCY_KEY_REUSED,
              "This Idempotency-Key came before with another body.");
      case Requested.DomainBusy busy ->
          throw new ProblemException(
              ProblemType.SETUP_ALREADY_OPEN,
              "Set-up %s of this domain is not finished yet, or is being given up."
                  .formatted(busy.other()));
      case Requested.ServerUnknown _ ->
          throw ProblemException.invalid(
              List.of(
                  new Fault(
                      "server.id",
                      "is no server of yours in service; take server of a set-up that is DONE")));
      case Requested.ServerLeaving _ ->
          throw new ProblemException(
              ProblemType.SERVER_LEAVING,
              "What a cancelled set-up made on this server is still being taken back.");
      case Requested.ServerNameNeeded _ ->
          throw new ProblemException(
              ProblemType.SERVER_NAME_NEEDED,
              "Other domains of yours are on the server that %s stands for."
                  .formatted(hostname(request)));
    };
  }

  private List<SecretRef> referredTo(Setup setup) {
    return Stream.of(
            servers.get(setup.server()).firstLogin(), domains.get(setup.domain()).zoneSecret())
        .flatMap(Optional::stream)
        .toList();
  }

  private Requested inTurn(TenantId tenant, Supplier<Requested> order) {
    var turn = turns.get(tenant);
    turn.lock();
    try {
      return order.get();
    } finally {
      turn.unlock();
    }
  }

  /// Asks a set-up to end: after the time in which that can be taken back. Twice is once.
  void cancel(Caller caller, SetupId id, String key) {
    var setup =
        once(
            caller,
            id,
            Command.CANCEL,
            key,
            () -> {
              var row = setups.get(id);
              if (!settings.cancelGrace().isZero()) {
                row = holds.hold(id, settings.cancelGrace());
              } else if (setups.requestCancel(id)) {
                row = setups.get(id);
              }
              if (row.cancelRequestedAt().isEmpty()) {
                throw ended(row);
              }
              return row;
            });
    if (setup.state() == Setup.State.HELD) {
      runs.command(setup, "hold", "hold/" + setup.holds());
    } else if (setup.state() == Setup.State.CANCELLING) {
      runs.command(setup, "cancel", "cancel/" + key);
    }
  }

  /// Gives up what is proved: after the time in which that can be taken back. Twice is once; a
  /// sweep begins when it is due.
  ///
  /// @throws ProblemException it is not proved, or another set-up of its domain is in the way
  void retire(Caller caller, SetupId id, String key) {
    once(
        caller,
        id,
        Command.RETIRE,
        key,
        () ->
            switch (holds.retire(id, settings.cancelGrace())) {
              case Retiring.Wanted(var setup) -> setup;
              case Retiring.NotProved(var setup) ->
                  throw new ProblemException(
                      ProblemType.SETUP_NOT_PROVED, "The set-up is " + setup.state() + ".");
              case Retiring.DomainBusy(var other) ->
                  throw new ProblemException(
                      ProblemType.SETUP_ALREADY_OPEN,
                      "Set-up %s of this domain is not finished yet.".formatted(other));
              case Retiring.EarlierStands(var other) ->
                  throw new ProblemException(
                      ProblemType.EARLIER_SETUP_STANDS,
                      "Set-up %s of this domain is DONE: retire that one first.".formatted(other));
            });
  }

  /// Takes a cancel back, or that a proved set-up is given up: it goes on where it was. Harmless
  /// when it is neither.
  ///
  /// @throws ProblemException it is too late, or the set-up has ended
  void resume(Caller caller, SetupId id, String key) {
    var setup = once(caller, id, Command.RESUME, key, () -> resumed(id));
    if (setup.state() == Setup.State.REQUESTED || setup.state() == Setup.State.RUNNING) {
      runs.command(setup, "resume", "resume/" + setup.holds());
    }
  }

  private Setup resumed(SetupId id) {
    var setup = holds.resume(id);
    return switch (setup.state()) {
      case REQUESTED, RUNNING -> setup;
      case HELD, CANCELLING, CANCELLED ->
          throw new ProblemException(
              ProblemType.TOO_LATE_TO_RESUME,
              "What the set-up made is being taken back, or is: it is " + setup.state() + ".");
      case DONE -> {
        if (setup.resumableUntil().isPresent()) {
          throw new ProblemException(
              ProblemType.TOO_LATE_TO_RESUME, "What the set-up made is taken back at any moment.");
        }
        yield setup;
      }
      case FAILED -> throw ended(setup);
    };
  }

  /// A command that was taken with this key before does nothing again: the other way round may have
  /// been commanded since. One that is refused keeps no key.
  private Setup once(
      Caller caller, SetupId id, Command command, String key, Supplier<Setup> effect) {
    return tenancy.as(
        caller.tenant(),
        caller.actor(),
        () -> {
          find(id);
          return switch (commands.take(id, command, key)) {
            case NEW -> effect.get();
            case BEFORE -> setups.get(id);
            case FOR_ANOTHER ->
                throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_REUSED,
                    "This Idempotency-Key came before with another command, or for another set-up.");
          };
        });
  }

  /// Asks a set-up to try at once what is stuck, with what the tenant corrected.
  ///
  /// @throws ProblemException also when no worker took it up: the command is not kept, so ask again
  ///   (the correction is)
  void retry(Caller caller, SetupId id, String key, Correction correction) {
    var setup =
        tenancy.as(
            caller.tenant(),
            caller.actor(),
            () -> {
              var row = find(id);
              if (!setups.requestRetry(id)) {
                throw ended(row);
              }
              return row;
            });
    corrections.apply(caller, setup, key, correction);
    if (!runs.command(setup, "retry", "retry/" + key)) {
      started(caller, setup);
      throw new ProblemException(
          ProblemType.UNAVAILABLE,
          "Nobody could take the command up yet. What is stuck is tried again by itself as well.");
    }
  }

  private SetupId started(Caller caller, Setup setup) {
    if (setup.finishedAt().isEmpty() && setup.startedAt().isEmpty()) {
      runs.start(caller.tenant(), setup, server(caller, setup));
    }
    return setup.id();
  }

  private Server server(Caller caller, Setup setup) {
    return tenancy.reading(caller.tenant(), () -> servers.get(setup.server()));
  }

  private Setup find(SetupId id) {
    return setups.find(id).orElseThrow(() -> ProblemException.notFound("set-up"));
  }

  private static ProblemException ended(Setup setup) {
    return new ProblemException(
        ProblemType.SETUP_ENDED, "The set-up has ended: it is " + setup.state() + ".");
  }

  private NewSetup rows(
      Caller caller,
      SetupId id,
      String key,
      String requestHash,
      CreateSetup request,
      Kept kept,
      String ownershipToken) {
    var server = new ServerId(UuidCreator.getTimeOrderedEpoch());
    var workspace = workspace(caller, request);
    return new NewSetup(
        id,
        workspace,
        key,
        requestHash,
        choice(server, hostname(request), request.server(), kept.firstLogin()),
        new NewDomain(
            new DomainId(UuidCreator.getTimeOrderedEpoch()),
            workspace,
            server,
            request.domain(),
            request.zone(),
            request.dns().provider(),
            request.dns().settings(),
            kept.zoneAccess(),
            request.allowMxReplace(),
            ownershipToken),
        List.of(request.mailbox().localPart()),
        new CertificateId(UuidCreator.getTimeOrderedEpoch()),
        certificateNames(request));
  }

  private static DomainName hostname(CreateSetup request) {
    return request.domain().child("mail");
  }

  /// The first one is the server's own. A further domain on a server needs no host name of its own,
  /// and only the names that web pages are served for.
  static List<DomainName> certificateNames(CreateSetup request) {
    var domain = request.domain();
    var served = List.of(domain.child("mta-sts"), domain.child("autoconfig"));
    return request.server() instanceof KnownServer
        ? served
        : Stream.concat(Stream.of(hostname(request), domain.child("autodiscover")), served.stream())
            .toList();
  }

  /// One certificate carries the names of all domains on a server, and authorities limit them.
  private void requireRoom(NewSetup rows) {
    var there =
        switch (rows.server()) {
          case ServerChoice.Known known -> Optional.of(known.id());
          case ServerChoice.Own own -> servers.findByAddress(own.address()).map(Server::id);
          case ServerChoice.Bought _ -> Optional.<ServerId>empty();
        };
    if (there.isPresent()
        && certificates.namesWith(there.get(), rows.certificateNames())
            > settings.namesPerCertificate()) {
      throw new ProblemException(
          ProblemType.SERVER_FULL,
          "With this domain the server's certificate would carry more than %d names."
              .formatted(settings.namesPerCertificate()));
    }
  }

  private ServerChoice choice(
      ServerId id, DomainName hostname, ServerWish wish, Optional<SecretRef> firstLogin) {
    return switch (wish) {
      case ServerAccess own ->
          new ServerChoice.Own(
              new NewServer(
                  id, Server.OWN, Stack.DEBIAN, own.port(), hostname, own.user(), firstLogin),
              own.address());
      case KnownServer known -> new ServerChoice.Known(known.id());
      case ServerOffer offer -> {
        var order = new OrderId(UuidCreator.getTimeOrderedEpoch());
        yield new ServerChoice.Bought(
            new NewServer(
                id, offer.provider(), Stack.DEBIAN, SSH, hostname, "root", Optional.empty()),
            new NewOrder(
                order,
                id,
                OrderLabel.of(installation.id().orElseThrow(), order),
                offer.plan(),
                offer.place(),
                offer.budget(),
                offer.agreedPrice()));
      }
    };
  }

  private WorkspaceId workspace(Caller caller, CreateSetup request) {
    return request
        .workspace()
        .map(workspaces::insertOrFind)
        .orElseGet(() -> tenants.defaultWorkspace(caller.tenant()));
  }

  /// A new token for a proof of ownership.
  String ownershipToken() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
