package com.penguinmails.sandbox.docker;

import com.penguinmails.workflows.model.IpAddress;

/// The network of one sandbox instance.
///
/// @param subnet the third octet: the network is 10.213.`subnet`.0/24
public record SandboxNetwork(String instance, String id, int subnet) {
  /// The address with this last octet.
  public IpAddress address(int last) {
    return new IpAddress("10.213." + subnet + "." + last);
  }

  /// The whole network.
  public String cidr() {
    return "10.213." + subnet + ".0/24";
  }
}
