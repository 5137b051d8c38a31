package com.penguinmails.sandbox.dns.simulated;

import com.penguinmails.workflows.model.IpAddress;

/// The servers of a simulated DNS, each with its address in TEST-NET-1.
public enum Server {
  /// Root, top-level domains and reverse zone: the registries.
  ROOT("192.0.2.2"),
  /// Where the tenants' zones are changed.
  PRIMARY("192.0.2.3"),
  /// Has copies of the primary's zones.
  SECONDARY("192.0.2.4"),
  /// A resolver for everybody; asks the servers of a zone in the order they are listed.
  FIRST_RECURSIVE("192.0.2.5"),
  /// Another one; asks them in the opposite order, so that a stale secondary shows.
  SECOND_RECURSIVE("192.0.2.6");

  private final String address;

  Server(String address) {
    this.address = address;
  }

  /// Where it is asked, on port 53.
  public IpAddress address() {
    return new IpAddress(address);
  }
}
