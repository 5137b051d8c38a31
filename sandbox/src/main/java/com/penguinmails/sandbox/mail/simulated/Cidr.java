package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.workflows.model.IpAddress;
import java.math.BigInteger;

/// Networks as Postfix' `mynetworks` writes them: `127.0.0.0/8`.
final class Cidr {
  private Cidr() {}

  /// @throws IllegalArgumentException not a network
  static boolean contains(String network, IpAddress address) {
    var parts = network.split("/", 2);
    var base = new IpAddress(parts[0]).toInetAddress().getAddress();
    var asked = address.toInetAddress().getAddress();
    if (base.length != asked.length) {
      return false;
    }
    int bits = base.length * 8;
    int shared = parts.length == 2 ? Integer.parseInt(parts[1]) : bits;
    int free = bits - shared;
    return new BigInteger(1, base)
        .shiftRight(free)
        .equals(new BigInteger(1, asked).shiftRight(free));
  }
}
