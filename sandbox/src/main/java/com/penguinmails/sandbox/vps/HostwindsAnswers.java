package com.penguinmails.sandbox.vps;

import com.penguinmails.workflows.model.Money;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Hostwinds' envelopes and objects, field by field as its documentation and its callers show them.
/// What they are silent about is ours, and marked so.
final class HostwindsAnswers {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private HostwindsAnswers() {}

  static Object success(Object thing) {
    return Map.of("success", thing);
  }

  static Object done(String action, String message) {
    return List.of(element("success", action, message));
  }

  static Object error(String action, String message, String code) {
    var element = element("error", action, message);
    element.put("ERROR", code);
    return List.of(element);
  }

  static Map<String, String> element(String result, String action, String message) {
    var element = new LinkedHashMap<String, String>();
    element.put("result", result);
    element.put("action", action);
    element.put("message", message);
    return element;
  }

  /// @param isAddressKnown the address comes some time after the server
  static Map<String, Object> instance(RentedServer server, Plan plan, boolean isAddressKnown) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("serviceid", server.id());
    fields.put("server_uuid", "00000000-0000-4000-8000-%012d".formatted(server.id()));
    fields.put("userid", 1);
    fields.put("location_id", Integer.parseInt(server.place(), 10));
    fields.put("is_suspended", 0);
    fields.put("hourly", 0);
    fields.put("locked", 0);
    fields.put("product_id", plan.id());
    fields.put("product_name", plan.name());
    fields.put("ram", plan.ramMib());
    fields.put("cpu", plan.cpus());
    fields.put("disk", plan.diskGib());
    fields.put("password", server.password()); // in clear text, in every read
    fields.put("configkey", "simulated-" + server.id());
    fields.put("main_ip", isAddressKnown ? server.address().value() : "");
    fields.put("srvrname", server.label());
    fields.put("hostname", "client-" + server.address().value().replace('.', '-') + ".test");
    fields.put("template_uuid", server.image());
    fields.put("created_at", time(server.createdAt()));
    fields.put("ssh_keys", List.of());
    switch (server.power()) {
      case BUILDING, STUCK -> state(fields, "BUILD", "building", 0, "spawning");
      case ON -> state(fields, "ACTIVE", "active", 1, "");
      case OFF -> state(fields, "SHUTOFF", "stopped", 4, "");
      case LEAVING -> state(fields, "ACTIVE", "active", 1, "deleting"); // as in OpenStack
    }
    return fields;
  }

  private static void state(
      Map<String, Object> fields, String status, String machine, int power, String task) {
    fields.put("status", status);
    fields.put("disp_status", status.toLowerCase(Locale.ROOT));
    fields.put("vm_state", machine);
    fields.put("power_state", power);
    if (!task.isEmpty()) {
      fields.put("task_state", task);
    }
  }

  static Map<String, Object> listed(RentedServer server) {
    return Map.of(
        "id",
        server.id(),
        "srvrname",
        server.label(),
        "hostname",
        "client-" + server.id() + ".test",
        "dedicatedip",
        server.address().value(),
        "ips",
        "",
        "ip_v6",
        "");
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }

  /// A size for sale; units and names are ours.
  record Plan(int id, String rid, String name, int cpus, int ramMib, int diskGib, Money monthly) {
    Map<String, Object> wire() {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("id", Integer.toString(id));
      fields.put("rid", rid);
      fields.put("name", name);
      fields.put("cpu", Integer.toString(cpus));
      fields.put("ram", Integer.toString(ramMib));
      fields.put("disk", Integer.toString(diskGib));
      fields.put("bandwidth", "2000");
      fields.put("monthly", "%d.%02d".formatted(monthly.cents() / 100, monthly.cents() % 100));
      return fields;
    }
  }
}
