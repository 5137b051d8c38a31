package com.penguinmails.ports.vps.hostwinds;

import com.penguinmails.ports.vps.CallRate;
import com.penguinmails.ports.vps.Vps;
import com.penguinmails.ports.vps.VpsPlan;
import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ProviderServerId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Servers of Hostwinds Cloud (https://clients.hostwinds.com/cloud/api.php). It answers a purchase
/// without an id and cannot be asked twice safely; the label is all that comes back. Invoices
/// cannot be read, nor a server cancelled at the end of what is paid.
public final class HostwindsVpsProvider implements VpsProvider {
  /// Stable name.
  public static final String NAME = "hostwinds";

  private static final Capabilities CAPABILITIES =
      new Capabilities(true, true, true, true, false, false, 1);
  private static final int PAGE = 100;
  private static final int MAX_PAGES = 100;

  private final HostwindsClient client;

  private HostwindsVpsProvider(HostwindsClient client) {
    this.client = client;
  }

  /// @param key the API key, asked for at each call
  public static HostwindsVpsProvider at(URI url, Supplier<String> key) {
    return new HostwindsVpsProvider(HostwindsClient.of(url, key));
  }

  /// At another rate than this process' own, slow one.
  public static HostwindsVpsProvider at(
      URI url, Supplier<String> key, CallRate rate, Duration timeout) {
    return new HostwindsVpsProvider(new HostwindsClient(url, key, rate, timeout));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public List<VpsPlan> plans() {
    var said =
        call("reading the price list", "get_price_list", Map.of("managed", "0")).path("success");
    return elements(said)
        .filter(plan -> plan.hasNonNull("rid"))
        .map(HostwindsWire::plan)
        .sorted(Comparator.comparingLong(plan -> plan.monthly().cents()))
        .toList();
  }

  @Override
  public List<Place> places() {
    return elements(unwrapped(call("reading the places", "get_locations", Map.of())))
        .map(place -> new Place(place.path("id").asString(), place.path("name").asString("")))
        .toList();
  }

  @Override
  public List<Image> images() {
    return elements(unwrapped(call("reading the images", "get_public_images", Map.of())))
        .map(image -> new Image(image.path("id").asString(), image.path("name").asString("")))
        .toList();
  }

  @Override
  public List<Vps> findByLabel(OrderLabel label) {
    // The search is not documented to be exact.
    return ids("looking " + label + " up", Map.of("search", label.value()))
        .filter(entry -> entry.path("srvrname").asString("").equals(label.value()))
        .map(entry -> get(HostwindsWire.id(entry.path("id"))))
        .sorted(Comparator.comparing(Vps::createdAt).thenComparing(vps -> vps.id().value()))
        .toList();
  }

  @Override
  public List<Vps> all() {
    return ids("listing all servers", Map.of())
        .flatMap(entry -> lookAt(HostwindsWire.id(entry.path("id"))))
        .toList();
  }

  /// One that was listed, and may have been given up since.
  private Stream<Vps> lookAt(ProviderServerId server) {
    try {
      return Stream.of(get(server));
    } catch (Refused refused) {
      if (isUnknown(refused)) {
        return Stream.empty();
      }
      throw refused;
    }
  }

  private Stream<JsonNode> ids(String what, Map<String, String> search) {
    var found = new ArrayList<JsonNode>();
    for (int page = 1; page <= MAX_PAGES; page++) {
      var fields = new TreeMap<>(search);
      fields.put("page", Integer.toString(page));
      fields.put("limit", Integer.toString(PAGE));
      var entries = elements(unwrapped(call(what, "get_instance_ids", fields))).toList();
      // Whether pages are kept to is not documented: what comes again ends it.
      var isNew = found.addAll(entries.stream().filter(entry -> !found.contains(entry)).toList());
      if (!isNew || entries.size() < PAGE) {
        return found.stream();
      }
    }
    throw new Unavailable(what + ": more than " + MAX_PAGES * PAGE + " servers");
  }

  @Override
  public Vps get(ProviderServerId server) {
    return HostwindsWire.vps(instance("looking at server " + server, server));
  }

  private JsonNode instance(String what, ProviderServerId server) {
    var said = unwrapped(call(what, "get_instance", Map.of("serviceid", server.value())));
    var instance = said.isArray() && said.size() == 1 ? said.get(0) : said;
    if (!instance.hasNonNull("serviceid")) {
      throw new Unavailable(what + ": Hostwinds' answer holds no server");
    }
    return instance;
  }

  @Override
  public void buy(Purchase purchase) {
    call(
        "buying " + purchase.label(),
        "add_instance",
        Map.of(
            "template", purchase.image(),
            "rid", purchase.plan(),
            "location_id", purchase.place(),
            "qty", "1",
            "srvrname", purchase.label().value(),
            "billingcycle", "monthly"));
  }

  @Override
  public RootPassword rootPassword(ProviderServerId server) {
    var what = "reading the first login of server " + server;
    var password = instance(what, server).path("password").asString("");
    if (password.isEmpty()) {
      throw new Unavailable(what + ": Hostwinds has not made one yet");
    }
    return new RootPassword(password);
  }

  @Override
  public void setReverseName(ProviderServerId server, IpAddress address, DomainName name) {
    call(
        "setting the reverse name of " + address,
        "set_rdns",
        Map.of("serviceid", server.value(), "ip", address.value(), "rdns", name.value()));
  }

  @Override
  public void changeMainAddress(ProviderServerId server) {
    call("changing the main address of server " + server, "change_main_ip", of(server));
  }

  @Override
  public void power(ProviderServerId server, Power wanted) {
    var action =
        switch (wanted) {
          case ON -> "boot";
          case OFF -> "shutdown";
          case REBOOT -> "reboot";
        };
    call(action + " of server " + server, action, of(server));
  }

  @Override
  public void reinstall(ProviderServerId server, String image) {
    call(
        "reinstalling server " + server,
        "reinstall_instance",
        Map.of("serviceid", server.value(), "template", image));
  }

  @Override
  public void rename(ProviderServerId server, String name) {
    call(
        "naming server " + server,
        "edit_instance",
        Map.of("serviceid", server.value(), "srvrname", name));
  }

  @Override
  public void orderUpgrade(ProviderServerId server, String plan) {
    call(
        "ordering another size of server " + server,
        "upgrade_instance",
        Map.of("serviceid", server.value(), "rid", plan));
  }

  @Override
  public void terminate(ProviderServerId server) {
    try {
      call("giving up server " + server, "terminate", of(server));
    } catch (Refused refused) {
      if (!isUnknown(refused) && !isLeaving(server)) {
        throw refused;
      }
      // It is gone already, or on its way.
    }
  }

  /// What the seller says to a second order while the first is at work is not documented.
  private boolean isLeaving(ProviderServerId server) {
    try {
      return get(server).state() == Vps.State.LEAVING;
    } catch (Refused refused) {
      return isUnknown(refused);
    }
  }

  private static boolean isUnknown(Refused refused) {
    return String.valueOf(refused.getMessage())
        .toLowerCase(Locale.ROOT)
        .contains("valid serviceid is required");
  }

  private JsonNode call(String what, String action, Map<String, String> fields) {
    return client.call(what, action, fields);
  }

  private static Map<String, String> of(ProviderServerId server) {
    return Map.of("serviceid", server.value());
  }

  /// `{"success": …}` or the thing itself: both are seen.
  private static JsonNode unwrapped(JsonNode body) {
    return body.isObject() && body.has("success") ? body.get("success") : body;
  }

  /// The elements of an array, or the values of an object whose names are ids.
  private static Stream<JsonNode> elements(JsonNode list) {
    return list.values().stream().filter(JsonNode::isObject);
  }
}
