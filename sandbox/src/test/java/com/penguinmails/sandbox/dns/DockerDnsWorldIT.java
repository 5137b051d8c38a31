package com.penguinmails.sandbox.dns;

import com.penguinmails.ports.network.Network;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.workflows.model.IpAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// Real BIND and unbound.
class DockerDnsWorldIT implements DnsWorldContract {
  private static final String INSTANCE = "dnsit";
  private static DockerEngine engine;
  private static DnsWorld world;
  private static ZoneKey key;

  @BeforeAll
  static void start() {
    engine = DockerEngine.connect();
    engine.cleanUp(INSTANCE);
    world = DockerDnsWorld.start(engine, engine.network(INSTANCE));
    key = world.delegate(ZONE);
  }

  @AfterAll
  static void cleanUp() {
    engine.cleanUp(INSTANCE);
    engine.close();
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
    return Network.direct();
  }

  @Override
  public IpAddress hostAddress() {
    return engine.network(INSTANCE).address(21);
  }

  @Override
  public void startAgain() {
    world = DockerDnsWorld.start(engine, engine.network(INSTANCE));
  }
}
