package com.penguinmails.sandbox.world;

import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.sandbox.vps.Machines;
import com.penguinmails.workflows.model.IpAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/// What a world stands on: the part of it that differs between the depths.
interface Ground {
  /// Starts the DNS, or the one of an earlier start.
  DnsWorld startDns();

  /// Starts the probe host, or the one of an earlier start.
  ProbeHost startProbeHost(DnsWorld dns, String password);

  /// What the simulated seller of servers sells.
  Machines machines(DnsWorld dns);

  /// An address of the world's network.
  ///
  /// @param last its last part
  IpAddress address(int last);

  /// The world's network, such as `192.0.2.0/24`.
  String cidr();

  /// Where a program on this machine finds an address of the world.
  InetSocketAddress reach(IpAddress address, int port);

  /// First three parts of the loopback addresses that stand for the world's; empty where its own
  /// are reached as they are.
  Optional<String> loopback();

  /// Stops what `start…` and `machines` do not stop by themselves.
  void stop();

  /// Removes what is kept outside of the world's directory.
  void remove();
}
