package com.penguinmails.ports.dns.cloudflare;

import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Between our records and Cloudflare's: priorities, services and CAA are fields of their own
/// there, and a TXT is written as in a zone file, in strings of at most 255 octets.
final class CloudflareRecords {
  private static final int MAX_STRING = 255; // octets, RFC 1035, 3.3
  private static final Pattern OCTET = Pattern.compile("\\\\(\\d{3})"); // RFC 1035, 5.1
  private static final int AUTOMATIC = 1;
  private static final int AUTOMATIC_SECONDS = 300;
  private static final int LEAST_TTL = 60; // of zones that are not an enterprise's

  private CloudflareRecords() {}

  /// The body that makes the record.
  static Map<String, Object> toWire(DnsRecord record) {
    var body = new LinkedHashMap<String, Object>();
    body.put("type", record.type().name());
    body.put("name", record.name().value());
    body.put("ttl", Math.max(LEAST_TTL, record.ttlSeconds()));
    var parts = record.value().split(" ");
    switch (record.type()) {
      case MX -> {
        body.put("priority", Integer.parseInt(parts[0], 10));
        body.put("content", parts[1]);
      }
      case SRV ->
          body.put(
              "data",
              Map.of(
                  "priority", Integer.parseInt(parts[0], 10),
                  "weight", Integer.parseInt(parts[1], 10),
                  "port", Integer.parseInt(parts[2], 10),
                  "target", parts[3]));
      case CAA -> {
        var quoted = record.value().split(" ", 3);
        body.put(
            "data",
            Map.of(
                "flags", Integer.parseInt(quoted[0], 10),
                "tag", quoted[1],
                "value", quoted[2].replaceAll("^\"|\"$", "")));
      }
      case TXT -> body.put("content", quoted(record.value()));
      case A, AAAA, CNAME, NS, PTR, SOA, TLSA -> body.put("content", record.value());
    }
    if (record.type() == DnsRecord.Type.A
        || record.type() == DnsRecord.Type.AAAA
        || record.type() == DnsRecord.Type.CNAME) {
      body.put("proxied", false); // mail does not go through a web proxy
    }
    return body;
  }

  /// What a record of Cloudflare's is to us; empty for what none of ours could be.
  static Optional<DnsRecord> fromWire(JsonNode record) {
    var type = type(record.path("type").asString(""));
    if (type.isEmpty()) {
      return Optional.empty();
    }
    var content = record.path("content").asString("");
    var data = record.path("data");
    var value =
        switch (type.get()) {
          case MX -> record.path("priority").asInt(0) + " " + host(content);
          case SRV ->
              "%d %d %d %s"
                  .formatted(
                      data.path("priority").asInt(0),
                      data.path("weight").asInt(0),
                      data.path("port").asInt(0),
                      host(data.path("target").asString(".")));
          case CAA ->
              "%d %s \"%s\""
                  .formatted(
                      data.path("flags").asInt(0),
                      data.path("tag").asString(""),
                      data.path("value").asString(""));
          case TXT -> unquoted(content);
          case CNAME, NS, PTR -> host(content);
          case A, AAAA, SOA, TLSA -> content;
        };
    int ttl = record.path("ttl").asInt(AUTOMATIC);
    try {
      return Optional.of(
          new DnsRecord(
              new RecordName(record.path("name").asString("")),
              type.get(),
              value,
              ttl == AUTOMATIC ? AUTOMATIC_SECONDS : Math.clamp(ttl, 30, 86_400)));
    } catch (IllegalArgumentException strange) {
      return Optional.empty(); // longer or stranger than any record of ours: left as it is
    }
  }

  private static Optional<DnsRecord.Type> type(String name) {
    for (var type : DnsRecord.Type.values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  private static String host(String name) {
    return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /// As in a zone file (RFC 1035, 5.1): strings in quotes, with `\"` and `\\`.
  static String quoted(String text) {
    var out = new StringBuilder();
    var string = new StringBuilder();
    int octets = 0;
    for (var letter : text.codePoints().mapToObj(Character::toString).toList()) {
      int length = letter.getBytes(StandardCharsets.UTF_8).length;
      if (octets + length > MAX_STRING) {
        out.append('"').append(string).append("\" ");
        string.setLength(0);
        octets = 0;
      }
      octets += length;
      string.append(letter.equals("\"") || letter.equals("\\") ? "\\" + letter : letter);
    }
    return out.append('"').append(string).append('"').toString();
  }

  /// The strings joined. What a person entered without quotes is the text itself.
  static String unquoted(String content) {
    if (!content.startsWith("\"")) {
      return content;
    }
    var text = new ByteArrayOutputStream();
    boolean isInside = false;
    int at = 0;
    while (at < content.length()) {
      var octet = OCTET.matcher(content).region(at, content.length());
      if (octet.lookingAt()) {
        text.write(Integer.parseInt(octet.group(1), 10));
        at = octet.end();
        continue;
      }
      boolean isEscape = content.charAt(at) == '\\' && at + 1 < content.length();
      var letter = Character.toString(content.codePointAt(isEscape ? at + 1 : at));
      if (!isEscape && letter.equals("\"")) {
        isInside = !isInside;
      } else if (isInside) {
        text.writeBytes(letter.getBytes(StandardCharsets.UTF_8));
      }
      at += letter.length() + (isEscape ? 1 : 0);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
