package com.penguinmails.sandbox.dns.simulated;

import static com.penguinmails.sandbox.dns.simulated.ZoneCopyTest.name;
import static com.penguinmails.sandbox.dns.simulated.ZoneCopyTest.zone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/// What a kill leaves.
class ZoneStoreTest {
  private static final ZoneCopy ZONE = zone("a.test. 5 IN NS ns1.test.\n");
  @TempDir private Path directory;

  @Test
  void findsItsZonesAgain() {
    var store = ZoneStore.open(directory);
    store.put(ZONE);
    store.put(Registries.bare(Name.root, Registries.NAME_SERVERS));

    var again = ZoneStore.open(directory);
    assertThat(again.all()).hasSize(2);
    assertThat(again.enclosing(name("x.y.a.test")).orElseThrow().records())
        .isEqualTo(ZONE.records());
    assertThat(again.enclosing(name("b.test")).orElseThrow().origin()).isEqualTo(Name.root);
  }

  @Test
  void readsNothingThatWasNotFinished() throws IOException {
    var store = ZoneStore.open(directory);
    store.put(ZONE);
    Files.writeString(directory.resolve("a.test.db.new"), "a.test. 5 IN SO");

    assertThat(ZoneStore.open(directory).find(name("a.test")).orElseThrow().records())
        .isEqualTo(ZONE.records());
  }

  @Test
  void saysWhereAZoneIsThatCannotBeRead() throws IOException {
    Files.writeString(directory.resolve("a.test.db"), "a.test. 5 IN SO");
    assertThatThrownBy(() -> ZoneStore.open(directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(directory.toString());
  }

  @Test
  void showsNoChangeThatIsNotKept() throws IOException {
    var store = ZoneStore.open(directory.resolve("zones"));
    Files.delete(directory.resolve("zones"));
    assertThatThrownBy(() -> store.put(ZONE)).isInstanceOf(java.io.UncheckedIOException.class);
    assertThat(store.find(name("a.test"))).isEmpty();
  }

  @Test
  void keepsAChangeBeforeItIsAnswered() {
    var domain = new DomainName("kept.test");
    try (var world = SimulatedDnsWorld.start(directory, new LoopbackNetwork("127.91.6"))) {
      world.delegate(domain);
      world.put(domain, RecordName.of("x", domain), DnsRecord.Type.TXT, "x");

      for (var server : List.of("primary", "secondary")) {
        var onDisk = ZoneStore.open(directory.resolve(server)).find(name("kept.test"));
        assertThat(onDisk.orElseThrow().at(name("x.kept.test"))).hasSize(1);
      }
    }
  }

  @Test
  void feedsTheSecondaryWhatItMissedInAKill() throws IOException {
    var network = new LoopbackNetwork("127.91.4");
    var domain = new DomainName("killed.test");
    var copy = directory.resolve("secondary").resolve("killed.test.db");
    try (var world = SimulatedDnsWorld.start(directory, network)) {
      world.delegate(domain);
      var before = Files.readString(copy);
      world.put(domain, RecordName.of("x", domain), DnsRecord.Type.TXT, "x");
      world.close();
      Files.writeString(copy, before); // as if killed between the two
    }
    try (var world = SimulatedDnsWorld.start(directory, network)) {
      var answer = new Asking(network).ask(Server.SECONDARY, "x.killed.test", Type.TXT);
      assertThat(answer.getHeader().getCount(org.xbill.DNS.Section.ANSWER)).isEqualTo(1);
      assertThat(world.read(domain, RecordName.of("x", domain), DnsRecord.Type.TXT)).hasSize(1);
    }
  }
}
