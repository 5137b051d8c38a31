package com.penguinmails.sandbox.dns.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.ports.network.Network;
import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.sandbox.dns.DnsWorldContract;
import com.penguinmails.sandbox.dns.ZoneKey;
import com.penguinmails.workflows.model.IpAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The simulation keeps what the real servers keep.
class SimulatedDnsWorldTest implements DnsWorldContract {
  private static final LoopbackNetwork NETWORK = new LoopbackNetwork("127.91.1");
  @TempDir private static Path directory;
  private static SimulatedDnsWorld world;
  private static ZoneKey key;

  @BeforeAll
  static void start() {
    world = SimulatedDnsWorld.start(directory, NETWORK);
    key = world.delegate(ZONE);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @Override
  public DnsWorld world() {
    return world;
  }

  @Override
  public ZoneKey key() {
    return key;
  }

  @Override
  public Network network() {
    return NETWORK;
  }

  @Override
  public IpAddress hostAddress() {
    return new IpAddress("192.0.2.21");
  }

  @Override
  public void startAgain() {
    world = SimulatedDnsWorld.start(directory, NETWORK);
    assertThat(world.delegate(ZONE)).isEqualTo(key);
  }
}
