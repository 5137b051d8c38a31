package com.penguinmails.ports.vps.hostwinds;

import com.penguinmails.ports.vps.Vps;
import com.penguinmails.ports.vps.VpsPlan;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ProviderServerId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads Hostwinds' objects field by field. Every read of a server comes with its root password and
/// its configuration key: what is not read here goes no further.
final class HostwindsWire {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final String CURRENCY = "USD";
  private static final long SURELY_GIB = 512; // nobody sells less than 512 MiB or more than 512 GiB

  private HostwindsWire() {}

  static Vps vps(JsonNode instance) {
    return new Vps(
        id(instance.path("serviceid")),
        instance.path("srvrname").asString(""),
        state(instance),
        size(instance),
        instance.path("location_id").asString(""),
        address(instance.path("main_ip").asString("")),
        time(instance.path("created_at").asString("")));
  }

  static VpsPlan plan(JsonNode plan) {
    try {
      return new VpsPlan(
          plan.path("rid").asString(),
          plan.path("name").asString(""),
          size(plan),
          Money.parse(plan.path("monthly").asString(""), CURRENCY));
    } catch (IllegalArgumentException e) {
      throw new Unavailable("Hostwinds' price list cannot be read: " + e.getMessage(), e);
    }
  }

  static ProviderServerId id(JsonNode id) {
    var text = id.asString("");
    if (text.isBlank()) {
      throw new Unavailable("Hostwinds named a server without an id");
    }
    return new ProviderServerId(text);
  }

  /// Words are those of OpenStack, in either case; what is not known is looked at again. There a
  /// server that is being deleted keeps its status, and only its task says so
  /// (https://docs.openstack.org/nova/latest/reference/vm-states.html).
  private static Vps.State state(JsonNode instance) {
    if (instance.path("task_state").asString("").toLowerCase(Locale.ROOT).contains("deleting")) {
      return Vps.State.LEAVING;
    }
    if (instance.path("is_suspended").asInt(0) == 1) {
      return Vps.State.SUSPENDED;
    }
    return switch (instance.path("status").asString("").toUpperCase(Locale.ROOT)) {
      case "ACTIVE" -> Vps.State.ACTIVE;
      case "ERROR" -> Vps.State.FAILED;
      case "SUSPENDED" -> Vps.State.SUSPENDED;
      case "RESIZED" -> Vps.State.RESIZED;
      case "SHUTOFF" -> Vps.State.STOPPED;
      case "DELETED", "SOFT_DELETED" -> Vps.State.LEAVING;
      default -> Vps.State.PENDING;
    };
  }

  private static VpsPlan.Size size(JsonNode object) {
    var memory = number(object.path("ram"));
    return new VpsPlan.Size(
        (int) number(object.path("cpu")),
        memory < SURELY_GIB ? memory * 1024 : memory, // the unit is not documented
        number(object.path("disk")));
  }

  private static long number(JsonNode field) {
    var digits = field.asString("").replaceAll("\\D.*", "");
    return digits.isEmpty() || digits.length() > 9 ? 0 : Long.parseLong(digits);
  }

  private static Optional<IpAddress> address(String text) {
    try {
      return text.isBlank() || text.equals("0.0.0.0")
          ? Optional.empty()
          : Optional.of(new IpAddress(text));
    } catch (IllegalArgumentException e) {
      throw new Unavailable("Hostwinds named an address that is none", e);
    }
  }

  /// The zone is not stated; read as UTC.
  private static Instant time(String text) {
    try {
      return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw new Unavailable("Hostwinds gave a time that cannot be read", e);
    }
  }
}
