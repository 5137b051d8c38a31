package com.penguinmails.activities.server;

import com.penguinmails.activities.failure.Area;
import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.host.HostBundle;
import com.penguinmails.ports.host.HostFacts;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepProtocol;
import com.penguinmails.ports.host.StepStatus;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.stack.StackDriver;
import com.penguinmails.store.server.Server;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.mailbox.MailboxActivities.MailboxFacts;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.ServerActivities;
import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/// See [ServerActivities].
public final class ServerActivitiesImpl implements ServerActivities {
  private static final int MAX_COUNTED = 1000;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
  private static final Duration LEAVING_TAKES = Duration.ofMillis(500);
  private static final Duration LOGIN_GOES_WITHIN = Duration.ofSeconds(40);

  private final Stores stores;
  private final SecretStore secrets;
  private final ServerKeys keys;
  private final OrderReader orders;
  private final HostSessions sessions;
  private final FirstContact firstContact;
  private final HostBundles bundles;
  private final Templates templates;
  private final StackDriver stack;
  private final HostSettings settings;

  public ServerActivitiesImpl(
      Stores stores,
      SecretStore secrets,
      RemoteHosts hosts,
      Templates templates,
      StackDriver stack,
      HostSettings settings,
      VpsProviders providers) {
    this.stores = stores;
    this.secrets = secrets;
    this.keys = new ServerKeys(stores, secrets);
    this.orders = new OrderReader(stores, providers);
    this.sessions = new HostSessions(hosts, secrets);
    this.firstContact = new FirstContact(hosts, templates);
    this.bundles = new HostBundles(templates);
    this.templates = templates;
    this.stack = stack;
    this.settings = settings;
  }

  @Override
  public ServerFacts facts(ReadServer order) {
    return stores
        .tenancy()
        .reading(
            order.tenant(),
            () -> {
              var server = stores.servers().get(order.server());
              return new ServerFacts(
                  server.hostname().value(),
                  server.knownAddress().map(IpAddress::value).orElse(""),
                  server.desiredVersion(),
                  server.appliedVersion(),
                  server.loginProvedAt().isPresent(),
                  stores.retirements().isWanted(order.server()),
                  server.state() == Server.State.RETIRED,
                  orders.read(server),
                  mailboxes(order.server()),
                  stores.incidents().isStuck(order.server().value()));
            });
  }

  private Optional<MailboxFacts> mailboxes(ServerId server) {
    int withoutLogin = stores.mailboxes().withoutLogin(server, MAX_COUNTED).size();
    var nextRemoval = stores.mailboxes().nextRemoval(server);
    return withoutLogin == 0 && nextRemoval.isEmpty()
        ? Optional.empty()
        : Optional.of(new MailboxFacts(withoutLogin, nextRemoval));
  }

  @Override
  public HostInspected inspect(InspectHost order) {
    return Heartbeats.during(() -> look(order));
  }

  private HostInspected look(InspectHost order) {
    var server = server(order.tenant(), order.server());
    try (var host = sessions.given(order.tenant(), server)) {
      pinSeen(order.tenant(), server, host.hostKeyFingerprint());
      return inspected(HostFacts.ask(host, templates.text("host/preflight")), server.id());
    }
  }

  static HostInspected inspected(HostFacts facts, ServerId server) {
    return new HostInspected(
        facts.osId(),
        facts.osVersion(),
        facts.architecture(),
        facts.memoryMib(),
        facts.diskFreeMib(),
        facts.clockAhead(Instant.now()).toSeconds(),
        foreignMail(facts, server));
  }

  /// What we installed ourselves in an earlier run is not foreign.
  private static List<String> foreignMail(HostFacts facts, ServerId server) {
    if (facts.serverOfManifest().equals(server.toString())) {
      return List.of();
    }
    var foreign = new ArrayList<String>();
    facts.listeners().forEach(listener -> foreign.add("port " + listener));
    facts.mailPackages().forEach(name -> foreign.add("package " + name));
    return foreign;
  }

  private void pinSeen(TenantId tenant, Server server, String fingerprint) {
    if (server.pinnedFingerprint().isPresent()) {
      return;
    }
    boolean isPinned =
        stores
            .tenancy()
            .as(tenant, () -> stores.servers().pinSeenHostKey(server.id(), fingerprint));
    if (!isPinned) {
      throw new Refused(
          FailureType.HOST_KEY_CHANGED,
          server.address() + " showed two host keys within a minute: " + fingerprint + " is new");
    }
  }

  @Override
  public HostContacted contact(ContactHost wanted) {
    var server = server(wanted.tenant(), wanted.server());
    var fingerprint =
        server.loginProvedAt().isPresent() // by an attempt that died before it could say so
            ? server.pinnedFingerprint().orElseThrow()
            : meet(wanted, server);
    keys.forgetFirstLogin(wanted.tenant(), wanted.server());
    return new HostContacted(fingerprint);
  }

  private String meet(ContactHost wanted, Server server) {
    var order = firstContact(wanted.tenant(), server);
    var contacted = Heartbeats.during(() -> firstContact.contact(order));
    stores
        .tenancy()
        .run(
            wanted.tenant(),
            () -> {
              if (order.hostKey().isPresent()) {
                pinOwn(server.id(), contacted.fingerprint());
              }
              if (order.passwordsOff()) {
                stores.servers().recordPasswordsOff(server.id());
              }
              stores.servers().recordLoginProved(server.id());
              stores.servers().recordBootstrapped(server.id());
            });
    return contacted.fingerprint();
  }

  private void pinOwn(ServerId id, String fingerprint) {
    var before = stores.servers().get(id).pinnedFingerprint().orElseThrow();
    if (!stores.servers().pinOwnHostKey(id, before, fingerprint)) {
      throw new IllegalStateException(
          "another host key was pinned for server " + id + " meanwhile");
    }
  }

  private FirstContact.ContactHost firstContact(TenantId tenant, Server server) {
    // The tenant's own server keeps its host key and its logins; a bought one is ours alone.
    boolean isBought = !server.provider().equals(Server.OWN);
    return new FirstContact.ContactHost(
        server.id(),
        sessions.firstTarget(server),
        server.pinnedFingerprint(),
        sessions.firstLogin(tenant, server),
        keys.login(tenant, server),
        isBought ? Optional.of(keys.host(tenant, server)) : Optional.empty(),
        isBought);
  }

  @Override
  public HostProbed probe(ProbeHost order) {
    var server = server(order.tenant(), order.server());
    var bundle = bundle(order.tenant(), order.server());
    try (var host = sessions.oursAnew(order.tenant(), server)) { // a step may have locked us out
      var protocol = new StepProtocol(host);
      var answers = Heartbeats.during(() -> protocol.probeAll(bundle));
      return new HostProbed(
          bundle.version(),
          bundle.hash(),
          answers.stream()
              .map(answer -> new StepState(answer.step(), answer.state().name(), answer.evidence()))
              .toList());
    }
  }

  /// The desired state may have moved on since the probe; then the newest bundle is applied.
  private HostBundle bundle(TenantId tenant, ServerId server) {
    var desired =
        stores.tenancy().reading(tenant, () -> stores.desiredHosts().desiredHost(server, settings));
    return bundles.bundle(
        server, desired.version(), stack.plan(desired), reference -> fields(tenant, reference));
  }

  private Map<String, String> fields(TenantId tenant, SecretRef reference) {
    return secrets.get(tenant, reference);
  }

  @Override
  public StepApplied apply(ApplyStep order) {
    try {
      return Heartbeats.during(() -> applyOnce(order)); // also while the host says nothing
    } catch (OutsideException | ApplicationFailure thrown) {
      var failure = Failures.of(thrown, Area.HOST);
      throw isPatienceOver() ? Failures.tell(failure) : failure;
    }
  }

  /// Time-outs end attempts, so a step that takes minutes needs long ones; what the tenant waits
  /// for without being told is shorter. See `ActivityProfiles.sshStep`.
  private static boolean isPatienceOver() {
    var info = Activity.getExecutionContext().getInfo();
    var patience = info.getScheduleToCloseTimeout().minus(info.getStartToCloseTimeout());
    var since = Instant.ofEpochMilli(info.getScheduledTimestamp());
    return info.getAttempt() > 1 && Instant.now().isAfter(since.plus(patience));
  }

  private StepApplied applyOnce(ApplyStep order) {
    var server = server(order.tenant(), order.server());
    var bundle = bundle(order.tenant(), order.server());
    var newPlan = bundle.hash().equals(order.bundle()) ? List.<String>of() : bundle.steps();
    if (!bundle.steps().contains(order.name())) {
      return new StepApplied("The step is no longer wanted.", newPlan);
    }
    try (var host = sessions.ours(order.tenant(), server)) {
      var protocol = new StepProtocol(host);
      var there =
          server.appliedVersion() < bundle.version()
              ? Optional.<StepAnswer>empty()
              : settled(protocol, bundle, order.name());
      if (there.isPresent()) {
        return new StepApplied(there.get().evidence(), newPlan);
      }
      return new StepApplied(
          untilFinished(
              protocol,
              protocol.start(bundle, order.name(), token(), LOOK_AGAIN),
              order.name(),
              percent -> measured(order, percent)),
          newPlan);
    }
  }

  /// The row says that the host has this version. Either it has drifted since, or whoever orders
  /// the step has an older copy of Temporal's data: the host knows. Empty: the step is to be
  /// applied.
  private static Optional<StepAnswer> settled(
      StepProtocol protocol, HostBundle bundle, String step) {
    return protocol.probeAll(bundle).stream()
        .filter(answer -> answer.step().equals(step) && answer.isSettled())
        .findFirst();
  }

  /// The same for every attempt of one activity, so that a new attempt re-attaches.
  private static String token() {
    var info = Activity.getExecutionContext().getInfo();
    return info.getWorkflowRunId() + "." + info.getActivityId();
  }

  private void measured(ApplyStep order, int percent) {
    stores
        .tenancy()
        .run(
            order.tenant(), () -> stores.progress().measured(order.setup(), order.step(), percent));
  }

  private static String untilFinished(
      StepProtocol protocol, StepStatus first, String step, IntConsumer measured) {
    for (var status = first; ; status = protocol.status(first.unit(), LOOK_AGAIN)) {
      switch (status) {
        case StepStatus.Running running -> {
          running.percent().ifPresent(measured);
          Activity.getExecutionContext().heartbeat(running.evidence());
        }
        case StepStatus.Finished finished when finished.exitCode() == 0 -> {
          return finished.answer().map(answer -> answer.evidence()).orElse(finished.evidence());
        }
        case StepStatus.Finished finished -> throw StepFailure.of(step, finished);
        case StepStatus.Lost lost ->
            throw new Unavailable("Step " + step + " was killed on the host: " + lost.evidence());
      }
    }
  }

  @Override
  public void applied(VersionApplied order) {
    // Before the rows forget where they are: destroying twice is harmless.
    stores
        .tenancy()
        .reading(
            order.tenant(),
            () -> stores.mailboxes().loginsToDestroy(order.server(), order.version()))
        .forEach(login -> secrets.destroy(order.tenant(), login));
    stores
        .tenancy()
        .run(
            order.tenant(),
            () -> {
              stores.servers().recordApplied(order.server(), order.version());
              stores.mailboxes().settle(order.server(), order.version());
            });
  }

  @Override
  public HostRetired retire(RetireHost order) {
    return Heartbeats.during(() -> retired(order));
  }

  private HostRetired retired(RetireHost order) {
    var server = server(order.tenant(), order.server());
    if (server.state() != Server.State.RETIRED) {
      if (server.loginProvedAt().isPresent()) {
        takeAway(order.tenant(), server);
      } else if (server.login().isPresent()) { // first contact may have begun
        takeBackFirstContact(order.tenant(), server);
      }
    }
    stores.tenancy().run(order.tenant(), () -> stores.servers().retire(order.server()));
    keys.forgetFirstLogin(order.tenant(), order.server());
    keys.destroyLogin(order.tenant(), server);
    return new HostRetired("What we put on " + server.address() + " is gone.");
  }

  /// Our own login was never proved, so the tenant's takes back what first contact put there;
  /// unless ours is the one that is taken by now.
  private void takeBackFirstContact(TenantId tenant, Server server) {
    try {
      firstContact.takeBack(firstContact(tenant, server));
    } catch (Refused refused) {
      switch (refused.type()) {
        case HOST_KEY_CHANGED -> {} // reinstalled meanwhile: ours is gone with the old system
        case LOGIN_REFUSED -> takeAway(tenant, server);
        default -> throw refused;
      }
    }
  }

  private void takeAway(TenantId tenant, Server server) {
    if (server.state() == Server.State.LEAVING && isGone(tenant, server)) {
      return; // an earlier attempt left for good before it could say so
    }
    try (var host = sessions.oursOnce(tenant, server)) {
      var protocol = new StepProtocol(host);
      var unit = protocol.retire(server.id(), token());
      untilFinished(protocol, protocol.status(unit, LOOK_AGAIN), "retire", _ -> {});
      stores.tenancy().run(tenant, () -> stores.servers().recordLeaving(server.id()));
      protocol.leave(server.id());
    }
    untilGone(tenant, server);
  }

  /// Our login goes last and after our session: it is gone when it is refused.
  private void untilGone(TenantId tenant, Server server) {
    var end = Instant.now().plus(LOGIN_GOES_WITHIN);
    while (Instant.now().isBefore(end)) {
      Activity.getExecutionContext().heartbeat(null);
      if (isGone(tenant, server)) {
        return;
      }
      pause();
    }
    throw new Unavailable("our login at " + server.address() + " still works; it should be gone");
  }

  private static void pause() {
    try {
      Thread.sleep(LEAVING_TAKES);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new Unavailable("This worker stops while it waits for our login to go", stopping);
    }
  }

  private boolean isGone(TenantId tenant, Server server) {
    try (var host = sessions.oursOnce(tenant, server)) {
      return false;
    } catch (Refused refused) {
      if (refused.type() == FailureType.LOGIN_REFUSED) {
        return true;
      }
      throw refused;
    }
  }

  private Server server(TenantId tenant, ServerId id) {
    return stores.tenancy().reading(tenant, () -> stores.servers().get(id));
  }
}
