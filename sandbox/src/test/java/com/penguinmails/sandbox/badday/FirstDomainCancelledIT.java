package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Prepared;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.mail.ProbeHost.Fault;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Two domains are ordered on one server, and the one whose name it bears is cancelled.
@SimulatedBadDay
class FirstDomainCancelledIT {
  @AfterEach
  void serveEverybody(Running product) {
    product.world().probeHost().heal();
  }

  @Test
  void leavesTheServersNameToTheOther(Running product) {
    var first = product.prepareToBuy("first-domain.test");
    var one = orderUnproved(product, first);
    var two = orderBeside(product, "beside-first.test", first.domain());

    one.cancel();
    one.untilEnded("CANCELLED");

    assertThat(recordsOfHost(product, first.domain())).hasSize(2);
    assertThat(read(product, first.domain(), "mta-sts", DnsRecord.Type.A)).isEmpty();
    product.world().probeHost().heal();
    two.untilProved(); // by a message that is sent when the first one is given up
  }

  @Test
  void takesTheServersNameBackWithTheLast(Running product) {
    var first = product.prepareToBuy("first-of-two.test");
    var one = orderUnproved(product, first);
    var two = orderBeside(product, "last-of-two.test", first.domain());

    one.cancel();
    one.untilEnded("CANCELLED");
    assertThat(recordsOfHost(product, first.domain())).hasSize(2);
    two.cancel();
    two.untilEnded("CANCELLED");

    assertThat(recordsOfHost(product, first.domain())).isEmpty();
  }

  /// Everything but the proof, which waits for the message.
  private static OrderedSetup orderUnproved(Running product, Prepared prepared) {
    var setup = product.order(prepared);
    setup.untilStepIsDone("domain/publish");
    var address = address(product, prepared.domain());
    product.world().probeHost().fault(new Fault.GreylistOne(address, Duration.ofHours(1)));
    setup.untilStepIsDone("domain/verify");
    return setup;
  }

  /// By the server's address, as of one that the tenant knows.
  private static OrderedSetup orderBeside(Running product, String domain, DomainName first) {
    var server =
        Map.of(
            "address", address(product, first).value(),
            "user", "root",
            "password", "not needed any more");
    var setup =
        product.order(
            product.prepareToBuy(domain),
            request -> {
              var beside = new TreeMap<>(request);
              beside.put("server", server);
              return beside;
            });
    setup.untilStepIsDone("domain/verify");
    return setup;
  }

  private static IpAddress address(Running product, DomainName domain) {
    return new IpAddress(read(product, domain, "mail", DnsRecord.Type.A).getFirst().value());
  }

  private static List<DnsRecord> recordsOfHost(Running product, DomainName domain) {
    return List.of(DnsRecord.Type.A, DnsRecord.Type.TXT).stream()
        .flatMap(type -> read(product, domain, "mail", type).stream())
        .toList();
  }

  private static List<DnsRecord> read(
      Running product, DomainName zone, String label, DnsRecord.Type type) {
    return product.world().dns().read(zone, RecordName.of(label, zone), type);
  }
}
