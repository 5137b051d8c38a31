package com.penguinmails.sandbox.toyseller;

import com.penguinmails.ports.vps.Vps;
import com.penguinmails.ports.vps.VpsPlan;
import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ProviderServerId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The adapter of [ToySeller], written as `docs/providers/adding.md` says, step 1.
final class ToyVpsProvider implements VpsProvider {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI url;
  private final Supplier<String> token; // asked at each call
  private final OkHttpClient http =
      new OkHttpClient.Builder()
          .retryOnConnectionFailure(false) // a purchase must not be sent twice behind our back
          .callTimeout(Duration.ofSeconds(10))
          .build();

  ToyVpsProvider(URI url, Supplier<String> token) {
    this.url = url;
    this.token = token;
  }

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, false, false, false, false, false, 1);
  }

  @Override
  public List<VpsPlan> plans() {
    return call("reading the plans", request("plans")).values().stream()
        .map(plan ->
            new VpsPlan(
                plan.path("id").asString(),
                plan.path("id").asString(),
                size(plan),
                new Money(plan.path("cents").asLong(), "USD")))
        .toList();
  }

  private static VpsPlan.Size size(JsonNode plan) {
    return new VpsPlan.Size(
        plan.path("cpus").asInt(), plan.path("memory").asLong(), plan.path("disk").asLong());
  }

  @Override
  public List<Place> places() {
    return call("reading the places", request("places")).values().stream()
        .map(place -> new Place(place.asString(), place.asString()))
        .toList();
  }

  @Override
  public List<Image> images() {
    return call("reading the images", request("images")).values().stream()
        .map(image -> new Image(image.asString(), "Debian 12"))
        .toList();
  }

  @Override
  public List<Vps> findByLabel(OrderLabel label) {
    return all().stream().filter(vps -> vps.label().equals(label.value())).toList();
  }

  @Override
  public List<Vps> all() {
    return call("listing servers", request("servers")).values().stream().map(this::vps).toList();
  }

  @Override
  public Vps get(ProviderServerId server) {
    return vps(server("looking at server " + server, server));
  }

  private Vps vps(JsonNode server) {
    return new Vps(
        new ProviderServerId(server.path("id").asString()),
        server.path("label").asString(),
        switch (server.path("power").asString("")) {
          case "on" -> Vps.State.ACTIVE;
          case "off" -> Vps.State.STOPPED;
          default -> Vps.State.PENDING; // built, or a word that is new to us
        },
        plans().getFirst().size(),
        places().getFirst().id(),
        Optional.of(new IpAddress(server.path("address").asString())),
        Instant.parse(server.path("createdAt").asString()));
  }

  @Override
  public void buy(Purchase purchase) {
    var order =
        Map.of(
            "label", purchase.label().value(),
            "plan", purchase.plan(),
            "place", purchase.place(),
            "image", purchase.image());
    var _ = call("buying " + purchase.label(), request("servers").post(json(order)));
  }

  @Override
  public RootPassword rootPassword(ProviderServerId server) {
    var what = "reading the first login of server " + server;
    return new RootPassword(server(what, server).path("password").asString());
  }

  @Override
  public void setReverseName(ProviderServerId server, IpAddress address, DomainName name) {
    put("setting the reverse name of " + address, server, "/ptr", Map.of("name", name.value()));
  }

  @Override
  public void changeMainAddress(ProviderServerId server) {
    throw new Refused("addresses cannot be changed here");
  }

  @Override
  public void power(ProviderServerId server, Power wanted) {
    put(
        "switching server " + server,
        server,
        switch (wanted) {
          case ON -> "/on";
          case OFF -> "/off";
          case REBOOT -> "/reset";
        },
        Map.of());
  }

  @Override
  public void reinstall(ProviderServerId server, String image) {
    put("reinstalling server " + server, server, "/disk", Map.of("image", image));
  }

  @Override
  public void rename(ProviderServerId server, String name) {
    throw new Refused("servers keep their names here");
  }

  @Override
  public void orderUpgrade(ProviderServerId server, String plan) {
    throw new Refused("sizes cannot be changed here");
  }

  @Override
  public void terminate(ProviderServerId server) {
    try {
      var _ =
          call(
              "giving up server " + server,
              request("servers/" + server.value()).delete(json(Map.of())));
    } catch (Refused gone) {
      if (all().stream().anyMatch(vps -> vps.id().equals(server))) {
        throw gone;
      }
    }
  }

  private JsonNode server(String what, ProviderServerId server) {
    return call(what, request("servers/" + server.value()));
  }

  private void put(String what, ProviderServerId server, String part, Map<String, String> body) {
    var _ = call(what, request("servers/" + server.value() + part).put(json(body)));
  }

  private static RequestBody json(Map<String, String> body) {
    return RequestBody.create(JSON.writeValueAsString(body), MediaType.get("application/json"));
  }

  private Request.Builder request(String path) {
    return new Request.Builder()
        .url(url.resolve(path).toString())
        .header("Authorization", "Bearer " + token.get());
  }

  /// A readable no is `Refused`, "slow down" is `RateLimited`; everything else that is not a yes is
  /// `Unavailable`.
  private JsonNode call(String what, Request.Builder request) {
    try (var response = http.newCall(request.build()).execute()) {
      var body = JSON.readTree(response.peekBody(1 << 20).string());
      if (response.code() == 401) {
        throw new Refused(FailureType.LOGIN_REFUSED, what + ": the token is not taken");
      }
      if (response.code() == 404 || response.code() == 422) {
        throw new Refused(what + ": " + body.path("error").asString(""));
      }
      if (response.code() == 429) {
        var seconds = Long.parseLong(response.header("Retry-After", "60"));
        throw new RateLimited(what + ": they ask us to wait", Duration.ofSeconds(seconds));
      }
      if (!response.isSuccessful()) {
        throw new Unavailable(what + ": HTTP " + response.code());
      }
      return body;
    } catch (IOException | JacksonException e) {
      throw new Unavailable(what + ": no answer that can be read", e);
    }
  }
}
