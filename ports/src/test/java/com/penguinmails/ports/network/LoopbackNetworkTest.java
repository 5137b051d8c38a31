package com.penguinmails.ports.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.workflows.model.IpAddress;
import java.net.ConnectException;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class LoopbackNetworkTest {
  private final LoopbackNetwork network = new LoopbackNetwork("127.77.12");

  @Test
  void findsEachMachineOnItsLoopbackAddress() {
    var smtp = network.reach(new IpAddress("192.0.2.25"), 25);

    assertThat(smtp.getAddress().getHostAddress()).isEqualTo("127.77.12.25");
    assertThat(smtp.getPort()).isEqualTo(10_025);
  }

  @Test
  void leavesPortsThatAnybodyMayOpen() {
    assertThat(network.reach(new IpAddress("192.0.2.25"), 8080).getPort()).isEqualTo(8080);
  }

  @Test
  void knowsWhoConnected() {
    assertThat(network.simulated(new IpAddress("127.77.12.25")))
        .isEqualTo(new IpAddress("192.0.2.25"));
    assertThatThrownBy(() -> network.simulated(new IpAddress("127.0.0.1")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reachesNobodyOutside() {
    var outside = network.reach(new IpAddress("198.51.100.1"), 25);

    assertThatThrownBy(() -> new Socket(outside.getAddress(), outside.getPort()).close())
        .isInstanceOf(ConnectException.class);
  }
}
