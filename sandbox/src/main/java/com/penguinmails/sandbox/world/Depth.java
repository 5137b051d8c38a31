package com.penguinmails.sandbox.world;

/// What the hosts, the DNS and the probe host of a world are made of. Everything else is the same.
public enum Depth {
  /// Simulations inside this process that speak the real protocols on loopback: an ordinary user
  /// and a JDK are enough.
  SIMULATED,
  /// Docker containers: systemd, real mail programs, BIND and unbound.
  DOCKER
}
