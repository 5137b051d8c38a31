package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The tenant orders another server for a domain that works, and cancels that when the records name
/// the new one already.
@SimulatedBadDay
class OtherServerCancelledIT {
  @Test
  void givesTheDomainBackAndMovesItWhenOrderedAgain(Running product) {
    var prepared = product.prepareToBuy("other-server.test");
    var zone = prepared.domain();
    product.order(prepared).untilProved();
    var before = records(product, zone);

    var second = product.orderAgain(prepared, "second");
    second.untilStepIsDone("certificate/issue");
    product.world().dns().staleSecondary(zone);
    second.untilStepWaits("domain/verify", Cause.DNS_NOT_VISIBLE);
    assertThat(records(product, zone)).hasSameSizeAs(before).doesNotContainAnyElementsOf(before);
    second.cancel();
    product.world().dns().heal(zone);
    second.untilEnded("CANCELLED");
    assertThat(records(product, zone)).isEqualTo(before);

    var third = product.orderAgain(prepared, "third");
    third.untilProved();
    assertThat(records(product, zone)).hasSameSizeAs(before).doesNotContainAnyElementsOf(before);
    assertThat(third.story())
        .filteredOn(told -> told.startsWith("The domain went to server "))
        .as("there, back and there again")
        .hasSize(3);
  }

  /// What depends on where the domain is.
  private static List<String> records(Running product, DomainName zone) {
    var addresses = List.of(RecordName.of("mail", zone), RecordName.of("mta-sts", zone));
    return List.of(
        texts(product, zone, addresses.getFirst(), DnsRecord.Type.A),
        texts(product, zone, addresses.getLast(), DnsRecord.Type.A),
        texts(product, zone, RecordName.of(zone), DnsRecord.Type.TXT));
  }

  private static String texts(
      Running product, DomainName zone, RecordName name, DnsRecord.Type type) {
    return name
        + " "
        + product.world().dns().read(zone, name, type).stream().map(DnsRecord::value).toList();
  }
}
