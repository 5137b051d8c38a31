package com.penguinmails.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.process.LoopbackPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorldFileTest {
  private Path path;

  @BeforeEach
  void name(@TempDir Path directory) {
    path = directory.resolve("world.properties");
  }

  @Test
  void keepsAPort() {
    int port = WorldFile.open(path).port("api");

    assertThat(WorldFile.open(path).port("api")).isEqualTo(port);
  }

  /// Its server is not up yet, so that the port looks free.
  @Test
  void leavesAPortAloneThatAnotherNameHas() {
    int kept = WorldFile.open(path).port("temporal");
    int other = LoopbackPort.choose();

    var next = WorldFile.open(path, inOrder(kept, kept, other));

    assertThat(next.port("api")).isEqualTo(other);
    assertThat(next.port("temporal")).isEqualTo(kept);
  }

  @Test
  void givesAnotherPortWhenSomebodyElseHasTakenItAndNotThatOfAnotherName() throws IOException {
    var file = WorldFile.open(path);
    int taken = file.port("api");
    int kept = file.port("temporal");
    int other = LoopbackPort.choose();

    try (var somebody = new ServerSocket()) {
      somebody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), taken));
      assertThat(WorldFile.open(path, inOrder(kept, other)).port("api")).isEqualTo(other);
    }
    assertThat(WorldFile.open(path).port("api")).as("is kept").isEqualTo(other);
  }

  /// Files of before may hold the same port twice.
  @Test
  void partsTwoNamesThatHaveTheSamePort() throws IOException {
    int port = LoopbackPort.choose();
    Files.writeString(path, "port.api=%d\nport.temporal=%d\n".formatted(port, port));

    var file = WorldFile.open(path);

    assertThat(List.of(file.port("api"), file.port("temporal"))).doesNotHaveDuplicates();
  }

  private static IntSupplier inOrder(Integer... ports) {
    return List.of(ports).iterator()::next;
  }
}
