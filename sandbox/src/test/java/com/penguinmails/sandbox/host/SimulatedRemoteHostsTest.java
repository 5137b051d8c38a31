package com.penguinmails.sandbox.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.host.RemoteHostsContract;
import com.penguinmails.sandbox.host.step.Places;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A simulated host is a host, as far as SSH goes. The two scripts of the contract are taught to
/// it.
class SimulatedRemoteHostsTest implements RemoteHostsContract {
  @TempDir Path directory;
  private RentedHost rented;

  @BeforeEach
  void rent() {
    rented = RentedHost.container(directory);
    rented
        .firstContact()
        .contact(RentedHost.tenants("root", new Login.Password(RentedHost.PASSWORD)));
    rented
        .host()
        .programs()
        .learn(
            "printf %s \"$1\"; printf err >&2; exit 7",
            started -> {
              started.says(started.arguments().getLast());
              started.errors().write("err".getBytes(UTF_8));
              return 7;
            });
    rented
        .host()
        .programs()
        .learn(
            "head -c 5000000 /dev/zero | tr '\\0' x; exit 3",
            started -> {
              started.says("x".repeat(5_000_000));
              return 3;
            });
  }

  @AfterEach
  void giveBack() {
    rented.close();
  }

  @Override
  public RemoteHosts hosts() {
    return rented.remote();
  }

  @Override
  public Target target() {
    return new Target(RentedHost.ADDRESS, 22, "penguin");
  }

  @Override
  public Login goodLogin() {
    return new Login.PrivateKey(RentedHost.LOGIN_KEY.privateKeyPem());
  }

  @Override
  public String staging() {
    return Places.STAGING;
  }

  @Override
  public void loseConnection() {
    await().until(() -> rented.host().faults().hasConnections());
    rented.host().faults().dropConnections();
  }

  @Override
  public void restoreConnection() {
    assertThat(rented.host().view().isOn()).isTrue();
  }

  @Test
  void executesNothingItDoesNotKnow() {
    try (var root = rented.asRoot()) {
      for (var command :
          List.of(
              List.of("rm", "-rf", "/"),
              List.of("bash", "-c", "touch /tmp/penguin-was-here"),
              List.of("bash", "-s"))) {
        var output = root.run(command, "id".getBytes(UTF_8), LIMIT);
        assertThat(output.exitCode()).isEqualTo(127);
        assertThat(output.standardError()).contains("this simulated host does not know");
      }
    }
  }
}
