package com.penguinmails.activities.server;

import com.penguinmails.activities.failure.Area;
import com.penguinmails.activities.secret.SecretFields;
import com.penguinmails.activities.setup.RehearsalBook;
import com.penguinmails.ports.host.HostFacts;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.reputation.Blacklists;
import com.penguinmails.ports.reputation.Blacklists.Verdict;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.stack.StackDriver;
import com.penguinmails.ports.stack.StackDriver.PlannedStep;
import com.penguinmails.store.setup.Plan;
import com.penguinmails.store.setup.Plan.Line;
import com.penguinmails.store.setup.Plan.Source;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.DesiredCertificate;
import com.penguinmails.workflows.model.DesiredHost.DesiredDomain;
import com.penguinmails.workflows.model.DesiredHost.DesiredMailbox;
import com.penguinmails.workflows.model.DesiredHost.DkimKey;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.PreflightDecision;
import com.penguinmails.workflows.server.ServerActivities;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A server that is rehearsed. A tenant's own one is looked at with the login they gave, as before
/// any set-up; nothing is changed there. Which steps a host would get is what the stack plans for
/// the host that is wanted, with and without its certificate.
public final class ServerRehearsal implements ServerActivities {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final SecretRef NO_SECRET = new SecretRef("rehearsal/none", 1); // never read

  /// A fresh server as sellers deliver it, and as a tenant's own must be.
  private static final HostInspected FIT =
      new HostInspected("debian", "12", "x86_64", 2_048, 20_480, 0, List.of());

  private final RehearsalBook book;
  private final OrderRehearsal orders;
  private final SecretStore secrets;
  private final RemoteHosts hosts;
  private final Templates templates;
  private final StackDriver stack;
  private final HostSettings settings;
  private final Blacklists blacklists;

  public ServerRehearsal(
      RehearsalBook book,
      OrderRehearsal orders,
      SecretStore secrets,
      RemoteHosts hosts,
      Templates templates,
      StackDriver stack,
      HostSettings settings,
      Blacklists blacklists) {
    this.book = book;
    this.orders = orders;
    this.secrets = secrets;
    this.hosts = hosts;
    this.templates = templates;
    this.stack = stack;
    this.settings = settings;
    this.blacklists = blacklists;
  }

  @Override
  public ServerFacts facts(ReadServer order) {
    var id = order.server().value();
    var plan = book.plan(order.tenant(), id);
    return new ServerFacts(
        plan.wish().hostname().value(),
        address(plan).value(),
        version(order.tenant(), id),
        0,
        book.isDone(order.tenant(), id, "server/contact"),
        false,
        false,
        orders.facts(order.tenant(), id),
        Optional.empty(),
        false);
  }

  private static IpAddress address(Plan plan) {
    return plan.wish().server() instanceof Source.Own own ? own.address() : RehearsalBook.FORETOLD;
  }

  /// 2 as soon as there is a certificate to be installed.
  private long version(TenantId tenant, UUID id) {
    return book.isDone(tenant, id, "certificate/issue") ? 2 : 1;
  }

  @Override
  public HostInspected inspect(InspectHost order) {
    var id = order.server().value();
    if (!(book.plan(order.tenant(), id).wish().server() instanceof Source.Own own)) {
      book.step(order, "A fresh Debian 12 is looked at before anything is changed.");
      return FIT;
    }
    var seen = book.read(order, Area.HOST, () -> look(order, own));
    seen.flatMap(PreflightDecision::of)
        .ifPresent(
            against -> book.obstacle(order.tenant(), id, against.cause(), against.evidence()));
    askBlacklists(order, own);
    book.step(order, seen.map(HostInspected::evidence).orElse("It could not be looked at."));
    return FIT;
  }

  private HostInspected look(InspectHost order, Source.Own own) {
    var target = new Target(own.address(), own.port(), own.user());
    try (var host =
        hosts.connect(target, new HostKey.FirstContact(), login(order.tenant(), own), LIMIT)) {
      return ServerActivitiesImpl.inspected(
          HostFacts.ask(host, templates.text("host/preflight")), order.server());
    }
  }

  private Login login(TenantId tenant, Source.Own own) {
    var reference =
        own.login()
            .orElseThrow(() ->
                new Refused(FailureType.LOGIN_REFUSED, "no login is known for " + own.address()));
    var password = secrets.get(tenant, reference).get("password");
    return password != null
        ? new Login.Password(password)
        : new Login.PrivateKey(SecretFields.read(secrets, tenant, reference, "key"));
  }

  private void askBlacklists(InspectHost order, Source.Own own) {
    if (!own.address().isV4()) {
      return;
    }
    var listed =
        blacklists.ask(own.address()).stream()
            .filter(answer -> answer.verdict() == Verdict.LISTED)
            .map(answer -> answer.list() + ": " + answer.evidence())
            .toList();
    if (!listed.isEmpty()) {
      book.remark(
          order,
          "address-listed",
          "The server's address is on lists of spam sources",
          String.join("; ", listed));
    }
  }

  @Override
  public HostContacted contact(ContactHost order) {
    book.effect(order, "Our login and its key are put on the server; logins that are there stay.");
    book.step(order, "The host key is pinned; our key logs in.");
    return new HostContacted("made then");
  }

  @Override
  public HostProbed probe(ProbeHost order) {
    var id = order.server().value();
    long version = version(order.tenant(), id);
    var wanted = planned(order.tenant(), id, version);
    var applied =
        book.lines(order.tenant(), id).stream()
            .filter(line -> line.kind() == Line.Kind.EFFECT)
            .map(Line::said)
            .toList();
    book.step(order, "The host gets " + wanted.size() + " steps.");
    var before =
        planned(order.tenant(), id, 1).stream()
            .collect(Collectors.toMap(PlannedStep::name, Function.identity()));
    return new HostProbed(
        version,
        bundle(version),
        wanted.stream()
            .map(step -> state(step, Optional.ofNullable(before.get(step.name())), applied))
            .toList());
  }

  private static StepState state(
      PlannedStep step, Optional<PlannedStep> before, List<String> applied) {
    boolean isUnchanged = before.filter(step::equals).isPresent();
    boolean isSettled =
        applied.contains(again(step)) || (isUnchanged && applied.contains(said(step)));
    return new StepState(step.name(), isSettled ? "OK" : "ABSENT", "foretold");
  }

  @Override
  public StepApplied apply(ApplyStep order) {
    var id = order.server().value();
    long version = version(order.tenant(), id);
    var wanted = planned(order.tenant(), id, version);
    wanted.stream()
        .filter(step -> step.name().equals(order.name()))
        .forEach(step -> {
          book.effect(order, version == 1 ? said(step) : again(step));
          book.step(order, files(step));
        });
    return new StepApplied(
        "foretold",
        bundle(version).equals(order.bundle())
            ? List.of()
            : wanted.stream().map(PlannedStep::name).toList());
  }

  private static String said(PlannedStep step) {
    return "Step %s is applied on the server.".formatted(step.name());
  }

  private static String again(PlannedStep step) {
    return "Step %s is applied on the server, with the certificate.".formatted(step.name());
  }

  private static String files(PlannedStep step) {
    return step.files().isEmpty()
        ? "No file is written."
        : "Files: "
            + step.files().stream().map(file -> file.target()).collect(Collectors.joining(", "));
  }

  private static String bundle(long version) {
    return "rehearsal-" + version;
  }

  private List<PlannedStep> planned(TenantId tenant, UUID id, long version) {
    var plan = book.plan(tenant, id);
    var wish = plan.wish();
    return stack.plan(
        new DesiredHost(
            new ServerId(id),
            version,
            Stack.DEBIAN,
            wish.hostname(),
            address(plan),
            settings,
            List.of(
                new DesiredDomain(wish.domain(), List.of(new DkimKey("pm", NO_SECRET)), "testing")),
            List.of(new DesiredMailbox(new EmailAddress(wish.mailbox(), wish.domain()), NO_SECRET)),
            version == 1
                ? Optional.empty()
                : Optional.of(
                    new DesiredCertificate(new CertificateId(id), wish.names(), NO_SECRET))));
  }

  @Override
  public void applied(VersionApplied order) {
    // nothing was
  }

  @Override
  public HostRetired retire(RetireHost order) {
    throw new IllegalStateException("a rehearsal put nothing on the server to remove");
  }
}
