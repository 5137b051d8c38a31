package com.penguinmails.sandbox.vps;

import com.penguinmails.sandbox.mail.simulated.SimulatedMailServer;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A simulation of Hostwinds Cloud: its API over HTTP, an account with servers and invoices that
/// stay over a restart, and machines behind it. Purchases are charged at once and listed late,
/// addresses come later still, what is given up leaves late, names may be given twice, and errors
/// come with HTTP 200, as there.
public final class SimulatedHostwinds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedHostwinds.class);
  // What it says of a server that leaves is ours: nothing is documented.
  private static final String BUSY = "Instance is being deleted.";
  private static final Set<String> READS =
      Set.of("get_instance", "get_instance_ips", "check_serviceid");
  private static final String INVALID_SERVER = "A valid serviceid is required.";
  private static final Money ADDRESS_CHANGE = new Money(300, "USD"); // as its web panel shows
  private static final List<String> PLACES = List.of("Seattle", "Dallas", "Amsterdam");
  private static final String IMAGE = "8f2c1d9e-debian-12";

  private final Place place;
  private final Clock clock;
  private final ProviderBooks books;
  private final ProviderEndpoint endpoint;
  private final Map<String, HostwindsAnswers.Plan> plans = new TreeMap<>();
  private final ExecutorService works = Executors.newVirtualThreadPerTaskExecutor();
  private final SecureRandom random = new SecureRandom();
  private volatile boolean isStuck;
  private volatile Duration silence = Duration.ZERO;
  private volatile Duration leaving = Duration.ZERO;

  private SimulatedHostwinds(Place place, Clock clock) {
    this.place = place;
    this.clock = clock;
    this.books = ProviderBooks.open(place.directory().resolve("hostwinds.json"), clock);
    price(1, "small", 1, 2048, 50, 999);
    price(2, "medium", 2, 4096, 75, 1899);
    live().forEach(this::resume);
    this.endpoint = ProviderEndpoint.open(place.port(), place.apiKey(), this::answer);
  }

  /// What a kill interrupted goes on.
  private void resume(RentedServer server) {
    switch (server.power()) {
      case BUILDING, ON -> build(server);
      case LEAVING -> takeAway(server);
      case OFF, STUCK -> {}
    }
  }

  /// Where it lives and what is behind it.
  ///
  /// @param port on loopback; 0 for a free one
  /// @param addresses the pool: number to address
  public record Place(
      Path directory,
      int port,
      String apiKey,
      Timing timing,
      Machines machines,
      IntFunction<IpAddress> addresses) {}

  /// How slow it is, each counted from the purchase.
  public record Timing(Duration listedAfter, Duration addressAfter, Duration activeAfter) {
    /// As slow as a seller, with seconds for minutes.
    public static Timing quick() {
      return new Timing(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    /// Nothing waits.
    public static Timing none() {
      return new Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
  }

  /// Opens the account of this directory, or makes one.
  public static SimulatedHostwinds start(Place place) {
    return new SimulatedHostwinds(place, Clock.systemUTC());
  }

  /// What the client is told.
  public URI url() {
    return endpoint.url();
  }

  /// Plans a fault for the next calls of this action, used up in the order they were planned.
  ///
  /// @param action as on the wire; `*` for every one
  public void plan(String action, ProviderFault fault, int times) {
    endpoint.plan(action, fault, times);
  }

  /// Forgets what was planned, and lets what is stuck go on.
  public void heal() {
    endpoint.heal();
    isStuck = false;
    silence = Duration.ZERO;
    leaving = Duration.ZERO;
    books.servers().stream()
        .filter(server -> server.power() == RentedServer.Power.STUCK && !server.isTerminated())
        .forEach(server -> {
          books.change(server.id(), stuck -> stuck.with(RentedServer.Power.BUILDING));
          build(server);
        });
  }

  /// Servers bought from now on never become active.
  public void stick() {
    isStuck = true;
  }

  /// Servers whose address is changed from now on answer nobody for so long.
  public void silentAfterMove(Duration time) {
    silence = time;
  }

  /// Servers that are given up from now on are there for so long still; at first none is.
  public void slowToLeave(Duration time) {
    leaving = time;
  }

  /// Changes what a size costs from now on.
  public void price(String rid, long cents) {
    plans.computeIfPresent(
        rid,
        (_, plan) ->
            new HostwindsAnswers.Plan(
                plan.id(),
                rid,
                plan.name(),
                plan.cpus(),
                plan.ramMib(),
                plan.diskGib(),
                new Money(cents, "USD")));
  }

  /// What the next server that is bought, or moved, will have.
  public IpAddress nextAddress() {
    return nextAddress(0);
  }

  /// As [#nextAddress()], so many servers or moves later.
  public IpAddress nextAddress(int later) {
    return place.addresses().apply(books.nextAddress() + later);
  }

  /// How often an action was called, faults included.
  public int calls(String action) {
    return endpoint.calls(action);
  }

  /// Everything the account was charged for.
  public List<Charge> charges() {
    var labels =
        books.servers().stream().collect(Collectors.toMap(RentedServer::id, RentedServer::label));
    return books.invoices().stream()
        .map(invoice ->
            new Charge(
                Integer.toString(invoice.server()),
                labels.getOrDefault(invoice.server(), ""),
                invoice.reason(),
                invoice.total()))
        .toList();
  }

  /// Ids of the servers the account has under a name, oldest first: what staff see who look it up.
  public List<String> sold(String label) {
    return live()
        .filter(server -> server.label().equals(label))
        .map(SimulatedHostwinds::name)
        .toList();
  }

  /// Names of the servers the account has.
  public List<String> labels() {
    return live().map(RentedServer::label).toList();
  }

  /// The mail programs of a server it sold, where they are simulated.
  public Optional<SimulatedMailServer> mail(String label) {
    return live()
        .filter(server -> server.label().equals(label))
        .findFirst()
        .flatMap(server -> place.machines().mail(name(server)));
  }

  /// Root passwords of the servers the account has, as every read of one shows them.
  public List<String> rootPasswords() {
    return books.servers().stream().map(RentedServer::password).toList();
  }

  /// One invoice.
  ///
  /// @param label name of the server, as it is by now
  public record Charge(String server, String label, String reason, Money total) {}

  @Override
  public void close() {
    endpoint.close();
    works.close();
    place.machines().close();
  }

  private Object answer(String action, Map<String, String> form, boolean isPretended) {
    return switch (action) {
      case "get_price_list" ->
          HostwindsAnswers.success(
              plans.values().stream().map(HostwindsAnswers.Plan::wire).toList());
      case "get_locations" -> places();
      case "get_public_images" ->
          HostwindsAnswers.success(List.of(Map.of("id", IMAGE, "name", "Debian 12")));
      case "add_instance" -> sell(form, isPretended);
      case "get_instance_ids" -> listed(form);
      default -> aboutOne(action, form, isPretended);
    };
  }

  private static Object places() {
    var found = new TreeMap<String, Object>();
    for (int i = 0; i < PLACES.size(); i++) {
      found.put(Integer.toString(i + 1), Map.of("id", i + 1, "name", PLACES.get(i)));
    }
    return HostwindsAnswers.success(found);
  }

  private Object sell(Map<String, String> form, boolean isPretended) {
    var plan = plans.get(form.getOrDefault("rid", ""));
    var at = form.getOrDefault("location_id", "");
    if (plan == null) {
      return HostwindsAnswers.error("Add Instance", "Rid is invalid.", "342431");
    }
    if (!at.matches("[1-" + PLACES.size() + "]")) {
      return HostwindsAnswers.error("Add Instance", "Location Id is invalid.", "342432");
    }
    if (!form.getOrDefault("template", "").equals(IMAGE)) {
      return HostwindsAnswers.error("Add Instance", "Template is invalid.", "342433");
    }
    int count = Integer.parseInt(form.getOrDefault("qty", "1"), 10);
    for (int i = 0; i < count && !isPretended; i++) {
      var bytes = new byte[12];
      random.nextBytes(bytes);
      var server =
          books.sell(
              form.getOrDefault("srvrname", ""),
              plan.rid(),
              at,
              IMAGE,
              HexFormat.of().formatHex(bytes),
              plan.monthly(),
              place.addresses());
      if (isStuck) {
        books.change(server.id(), bought -> bought.with(RentedServer.Power.STUCK));
      } else {
        build(server);
      }
    }
    return List.of(
        HostwindsAnswers.element("success", "Invoice Paid", "Invoice has been paid."),
        HostwindsAnswers.element("success", "Add Instance", "Server is being Created!"));
  }

  /// Building goes on behind the answers.
  private void build(RentedServer server) {
    works.execute(() -> {
      try {
        place.machines().run(name(server), server.address(), server.password());
        books.change(server.id(), built -> built.with(RentedServer.Power.ON));
      } catch (RuntimeException e) {
        LOG.atWarn().addKeyValue("server", server.id()).setCause(e).log("A machine was not built");
      }
    });
  }

  private Object listed(Map<String, String> form) {
    var search = form.getOrDefault("search", "");
    int page = Integer.parseInt(form.getOrDefault("page", "1"), 10);
    int limit = Integer.parseInt(form.getOrDefault("limit", "100"), 10);
    var found = new TreeMap<String, Object>();
    live()
        .filter(server -> server.label().contains(search))
        .filter(server -> isAfter(server, place.timing().listedAfter()))
        .skip((long) (page - 1) * limit)
        .limit(limit)
        .forEach(server -> found.put(name(server), HostwindsAnswers.listed(server)));
    return HostwindsAnswers.success(found);
  }

  private Stream<RentedServer> live() {
    return books.servers().stream().filter(server -> !server.isTerminated());
  }

  private boolean isAfter(RentedServer server, Duration delay) {
    return !clock.instant().isBefore(server.createdAt().plus(delay));
  }

  private Object aboutOne(String action, Map<String, String> form, boolean isPretended) {
    var found = server(form);
    if (found.isEmpty()) {
      return HostwindsAnswers.error(title(action), INVALID_SERVER, "721334");
    }
    if (action.equals("reinstall_instance") && !IMAGE.equals(form.get("template"))) {
      return HostwindsAnswers.error(title(action), "Template is invalid.", "342433");
    }
    if (action.equals("upgrade_instance") && !plans.containsKey(form.getOrDefault("rid", ""))) {
      return HostwindsAnswers.error(title(action), "Rid is invalid.", "342431");
    }
    var server = found.get();
    if (server.power() == RentedServer.Power.LEAVING && !READS.contains(action)) {
      return HostwindsAnswers.error(title(action), BUSY, "721335");
    }
    if (!isPretended) {
      act(action, form, server);
    }
    return switch (action) {
      case "get_instance" -> HostwindsAnswers.success(instance(server));
      case "get_instance_ips" ->
          HostwindsAnswers.success(
              Map.of("IP Addresses", List.of(Map.of("ip", server.address().value()))));
      case "check_serviceid" -> Map.of("success", true);
      case "terminate" -> List.of(Map.of("result", "success", "message", "Instance deleted"));
      case "set_rdns" -> HostwindsAnswers.done("Set rDNS", "rDNS record updated.");
      case "change_main_ip" ->
          HostwindsAnswers.done("Change Main IP", "Main IP changed successfully.");
      case "boot",
          "shutdown",
          "reboot",
          "reinstall_instance",
          "edit_instance",
          "upgrade_instance" ->
          HostwindsAnswers.done(title(action), "Instance Server#" + server.id() + ": done.");
      default -> HostwindsAnswers.error("", "Invalid Action.", "6734");
    };
  }

  private void act(String action, Map<String, String> form, RentedServer server) {
    switch (action) {
      case "set_rdns" ->
          place
              .machines()
              .setReverseName(
                  new IpAddress(form.getOrDefault("ip", "")),
                  new DomainName(form.getOrDefault("rdns", "").toLowerCase(Locale.ROOT)));
      case "change_main_ip" -> readdress(server);
      case "boot" -> build(server);
      case "shutdown" -> {
        books.change(server.id(), on -> on.with(RentedServer.Power.OFF));
        works.execute(() -> place.machines().stop(name(server)));
      }
      case "reboot" -> works.execute(() -> place.machines().reboot(name(server)));
      case "reinstall_instance" -> {
        books.change(server.id(), on -> on.with(RentedServer.Power.BUILDING));
        works.execute(() -> {
          place.machines().reinstall(name(server), server.address(), server.password());
          books.change(server.id(), built -> built.with(RentedServer.Power.ON));
        });
      }
      case "edit_instance" ->
          books.change(server.id(), named -> named.named(form.getOrDefault("srvrname", "")));
      case "upgrade_instance" ->
          books.charge(
              server.id(),
              "upgrade_instance",
              Objects.requireNonNull(plans.get(form.get("rid"))).monthly());
      case "terminate" -> {
        books.change(server.id(), going -> going.with(RentedServer.Power.LEAVING));
        takeAway(server);
      }
      default -> {}
    }
  }

  private void takeAway(RentedServer server) {
    var time = leaving;
    works.execute(() -> {
      LockSupport.parkNanos(time.toNanos());
      books.change(server.id(), RentedServer::terminated);
      place.machines().remove(name(server));
    });
  }

  private void readdress(RentedServer server) {
    var moved = books.readdress(server.id(), ADDRESS_CHANGE, place.addresses());
    works.execute(() -> {
      place.machines().stop(name(server));
      LockSupport.parkNanos(silence.toNanos());
      place.machines().run(name(server), moved.address(), server.password());
    });
  }

  private Optional<RentedServer> server(Map<String, String> form) {
    var id = form.getOrDefault("serviceid", "");
    return id.matches("\\d{1,9}") ? books.find(Integer.parseInt(id, 10)) : Optional.empty();
  }

  private Map<String, Object> instance(RentedServer server) {
    boolean isLate = !isAfter(server, place.timing().activeAfter());
    var shown =
        isLate && server.power() == RentedServer.Power.ON
            ? server.with(RentedServer.Power.BUILDING)
            : server;
    return HostwindsAnswers.instance(
        shown,
        Objects.requireNonNull(plans.get(server.rid())),
        isAfter(server, place.timing().addressAfter()));
  }

  private void price(int id, String name, int cpus, int ramMib, int diskGib, long cents) {
    var rid = Integer.toString(100 + id);
    plans.put(
        rid,
        new HostwindsAnswers.Plan(id, rid, name, cpus, ramMib, diskGib, new Money(cents, "USD")));
  }

  private static String name(RentedServer server) {
    return Integer.toString(server.id());
  }

  private static String title(String action) {
    var words = action.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
