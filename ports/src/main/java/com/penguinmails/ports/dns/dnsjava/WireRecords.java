package com.penguinmails.ports.dns.dnsjava;

import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// Between records as dnsjava has them and as we write them.
public final class WireRecords {
  private static final int MAX_STRING = 255; // octets of one TXT string, RFC 1035, 3.3
  private static final int MAX_VALUE = 4_000; // characters, DnsRecord
  private static final int MIN_TTL = 30;
  private static final int MAX_TTL = 86_400;

  private WireRecords() {}

  /// The absolute name.
  ///
  /// @throws IllegalArgumentException not a name
  public static Name name(String name) {
    try {
      return Name.fromString(name.endsWith(".") ? name : name + ".");
    } catch (TextParseException e) {
      throw new IllegalArgumentException("not a DNS name: \"" + name + "\"", e);
    }
  }

  /// dnsjava's number of a type.
  public static int type(DnsRecord.Type type) {
    return Type.value(type.name());
  }

  /// A record for the wire; TXT is split at 255 octets.
  public static Record toWire(DnsRecord record) {
    return toWire(record, record.ttlSeconds());
  }

  /// A record for the wire with another time to live, in seconds; 0 in prerequisites.
  public static Record toWire(DnsRecord record, long ttl) {
    var owner = name(record.name().value());
    return switch (record.type()) {
      case TXT -> new TXTRecord(owner, DClass.IN, ttl, strings(record.value()));
      case MX -> {
        var parts = record.value().split(" ", 2);
        yield new MXRecord(owner, DClass.IN, ttl, Integer.parseInt(parts[0]), name(parts[1]));
      }
      case SRV -> {
        var parts = record.value().split(" ", 4);
        yield new SRVRecord(
            owner,
            DClass.IN,
            ttl,
            Integer.parseInt(parts[0]),
            Integer.parseInt(parts[1]),
            Integer.parseInt(parts[2]),
            name(parts[3]));
      }
      case CNAME, NS, PTR -> fromText(owner, record, ttl, record.value() + ".");
      case A, AAAA, CAA, SOA, TLSA -> fromText(owner, record, ttl, record.value());
    };
  }

  private static Record fromText(Name owner, DnsRecord record, long ttl, String value) {
    try {
      return Record.fromString(owner, type(record.type()), DClass.IN, ttl, value, Name.root);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException("not a record: " + record, e);
    }
  }

  private static List<String> strings(String text) {
    var octets = text.getBytes(StandardCharsets.ISO_8859_1);
    var strings = new ArrayList<String>();
    for (int at = 0; at < octets.length; at += MAX_STRING) {
      int length = Math.min(MAX_STRING, octets.length - at);
      strings.add(escaped(octets, at, length));
    }
    return strings;
  }

  /// dnsjava reads a string as in a zone file, where a backslash begins an escape (RFC 1035, 5.1).
  private static String escaped(byte[] octets, int from, int length) {
    var text = new StringBuilder();
    for (int at = from; at < from + length; at++) {
      int octet = octets[at] & 0xff;
      if (octet < ' ' || octet > '~' || octet == '\\') {
        text.append("\\%03d".formatted(octet));
      } else {
        text.append((char) octet);
      }
    }
    return text.toString();
  }

  /// A record as we write it; empty for types we do not speak and for values without text.
  public static Optional<DnsRecord> fromWire(Record record) {
    DnsRecord.Type type;
    try {
      type = DnsRecord.Type.valueOf(Type.string(record.getType()));
    } catch (IllegalArgumentException unknown) {
      return Optional.empty();
    }
    int ttl = Math.clamp(record.getTTL(), MIN_TTL, MAX_TTL);
    var value = value(record);
    return value.isEmpty() || value.length() > MAX_VALUE
        ? Optional.empty()
        : Optional.of(new DnsRecord(new RecordName(bare(record.getName())), type, value, ttl));
  }

  private static String value(Record record) {
    return switch (record) {
      case TXTRecord txt -> joined(txt);
      case MXRecord mx -> mx.getPriority() + " " + bare(mx.getTarget());
      case SRVRecord srv ->
          "%d %d %d %s"
              .formatted(srv.getPriority(), srv.getWeight(), srv.getPort(), bare(srv.getTarget()));
      case CAARecord caa ->
          "%d %s \"%s\"".formatted(caa.getFlags(), caa.getTag(), caa.getValue(false));
      default -> {
        var text = record.rdataToString();
        yield text.endsWith(".") && text.length() > 1
            ? text.substring(0, text.length() - 1).toLowerCase(Locale.ROOT)
            : text;
      }
    };
  }

  private static String joined(TXTRecord txt) {
    var all = new ByteArrayOutputStream();
    txt.getStringsAsByteArrays().forEach(all::writeBytes);
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /// Without the final dot, lower case; the root stays `.`.
  static String bare(Name name) {
    var text = name.toString(true).toLowerCase(Locale.ROOT);
    return text.isEmpty() || text.equals("@") ? "." : text;
  }
}
