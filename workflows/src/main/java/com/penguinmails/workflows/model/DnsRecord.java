package com.penguinmails.workflows.model;

/// One resource record, in presentation terms. `value` is what a person would enter: for TXT the
/// whole text, unquoted and not split (adapters split at 255 octets, RFC 1035, 3.3.14); for MX `10
/// mail.example.com`; for SRV `0 1 465 mail.example.com`; names without the final dot, except the
/// lone `.` that means "none".
///
/// @param ttlSeconds time to live in seconds, 30 to 86,400
public record DnsRecord(RecordName name, Type type, String value, int ttlSeconds) {
  /// The record types we write or read.
  public enum Type {
    A,
    AAAA,
    CAA,
    CNAME,
    MX,
    NS,
    PTR,
    SOA,
    SRV,
    TLSA,
    TXT
  }

  public DnsRecord {
    if (value.isEmpty() || value.length() > 4_000) {
      throw new IllegalArgumentException("record value of " + value.length() + " characters");
    }
    if (ttlSeconds < 30 || ttlSeconds > 86_400) {
      throw new IllegalArgumentException("TTL of " + ttlSeconds + " s at " + name);
    }
  }

  /// The same record but for its time to live, which resolvers count down.
  public boolean isSameAs(DnsRecord other) {
    return name.equals(other.name) && type == other.type && value.equals(other.value);
  }

  @Override
  public String toString() {
    return name + " " + type + " " + value;
  }
}
