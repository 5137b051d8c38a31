package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/// An IPv4 or IPv6 address as a literal; never a name, so making one asks no resolver.
public record IpAddress(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public IpAddress {
    value = InetAddress.ofLiteral(value).getHostAddress();
  }

  /// The address for sockets.
  public InetAddress toInetAddress() {
    return InetAddress.ofLiteral(value);
  }

  /// True for IPv4.
  public boolean isV4() {
    return toInetAddress() instanceof Inet4Address;
  }

  /// The name below `in-addr.arpa` or `ip6.arpa` that holds the PTR record (RFC 1035, 3.5; RFC
  /// 3596, 2.5).
  public RecordName reverseName() {
    var bytes = toInetAddress().getAddress();
    var name = new StringBuilder();
    if (toInetAddress() instanceof Inet6Address) {
      for (int i = bytes.length - 1; i >= 0; i--) {
        name.append(Character.forDigit(bytes[i] & 0xf, 16)).append('.');
        name.append(Character.forDigit((bytes[i] >> 4) & 0xf, 16)).append('.');
      }
      return new RecordName(name.append("ip6.arpa").toString());
    }
    for (int i = bytes.length - 1; i >= 0; i--) {
      name.append(bytes[i] & 0xff).append('.');
    }
    return new RecordName(name.append("in-addr.arpa").toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
