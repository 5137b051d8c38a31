package com.penguinmails.api.setup;

import com.penguinmails.workflows.model.IpAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Judges the address of a tenant's server: we log in there, so it must be one that is reachable on
/// the public Internet and nobody's own network (IANA special-purpose address registries, RFC
/// 6890).
final class ServerAddress {
  // Stricter than the literals Java reads: "10.1" and "167772161" are addresses to it as well.
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern COLONS = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  /// Nobody's server, in no installation.
  private static final List<Range> NEVER =
      List.of(
          Range.of("0.0.0.0/8"), Range.of("224.0.0.0/3"), Range.of("::/128"), Range.of("ff00::/8"));

  /// Not on the public Internet.
  private static final List<Range> NOT_PUBLIC =
      List.of(
          Range.of("10.0.0.0/8"),
          Range.of("100.64.0.0/10"),
          Range.of("127.0.0.0/8"),
          Range.of("169.254.0.0/16"),
          Range.of("172.16.0.0/12"),
          Range.of("192.0.0.0/24"),
          Range.of("192.0.2.0/24"),
          Range.of("192.88.99.0/24"),
          Range.of("192.168.0.0/16"),
          Range.of("198.18.0.0/15"),
          Range.of("198.51.100.0/24"),
          Range.of("203.0.113.0/24"),
          Range.of("2001::/23"),
          Range.of("2001:db8::/32"),
          Range.of("2002::/16"),
          Range.of("3fff::/20"));

  private static final Range GLOBAL_V6 = Range.of("2000::/3");

  private ServerAddress() {}

  /// The address; empty when the text is none.
  static Optional<IpAddress> read(String typed) {
    var text = typed.strip();
    if (!DOTTED.matcher(text).matches() && !COLONS.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new IpAddress(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // looked like one, but is none
    }
  }

  /// Why no server of ours can be there; empty when one can.
  static Optional<String> objection(IpAddress address, boolean isTest) {
    var inet = address.toInetAddress();
    if (NEVER.stream().anyMatch(range -> range.contains(inet))) {
      return Optional.of("cannot be the address of a server");
    }
    boolean isPublic =
        NOT_PUBLIC.stream().noneMatch(range -> range.contains(inet))
            && (address.isV4() || GLOBAL_V6.contains(inet));
    return isPublic || isTest
        ? Optional.empty()
        : Optional.of(
            "is a private, local or documentation address; give the server's public address");
  }

  private record Range(InetAddress network, int bits) {
    static Range of(String written) {
      int slash = written.indexOf('/');
      return new Range(
          InetAddress.ofLiteral(written.substring(0, slash)),
          Integer.parseInt(written, slash + 1, written.length(), 10));
    }

    boolean contains(InetAddress address) {
      var mine = network.getAddress();
      var theirs = address.getAddress();
      if (mine.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        if (((mine[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
