package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.host.SimulatedHost;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The staff in one run: do what docs/operating.md says of what a set-up waits for.
final class ChaosStaff {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosStaff.class);

  /// Longer than any attempt may take, so that what is looked up is over.
  private static final Duration LOOK = Duration.ofSeconds(13);

  private final ChaosWorld chaos;
  private int decisions;

  ChaosStaff(ChaosWorld chaos) {
    this.chaos = chaos;
  }

  /// How often they have decided something.
  int decisions() {
    return decisions;
  }

  /// @param causes for which the set-up asks for attention
  void help(String setup, List<String> causes) {
    if (causes.contains("PURCHASE_UNCLEAR")) {
      lookUpPurchase(setup);
    }
    if (causes.contains("ADDRESS_LISTED") || causes.contains("PORT_25_BLOCKED")) {
      clearAddress(setup);
    }
  }

  private record Unclear(String server, String label, int attempt) {}

  /// They look the label up at the seller, and say what was found.
  private void lookUpPurchase(String setup) {
    ChaosWorld.pause(LOOK);
    var unclear =
        ChaosWorld.patiently(() ->
            chaos
                .rows()
                .sql(
                    """
                    SELECT o.server_id, o.label, p.try FROM server_order o
                    JOIN paid_call p ON p.order_id = o.id AND p.kind = 'PURCHASE'
                    JOIN setup s ON s.server_id = o.server_id
                    WHERE s.id = :setup AND p.outcome = 'UNCLEAR' AND o.provider_server_id IS NULL
                    ORDER BY p.try DESC LIMIT 1
                    """)
                .param("setup", UUID.fromString(setup))
                .query((row, _) ->
                    new Unclear(
                        row.getString("server_id"), row.getString("label"), row.getInt("try")))
                .optional());
    if (unclear.isEmpty()) {
      return; // it was cleared up meanwhile
    }
    var found = chaos.world().hostwinds().sold(unclear.get().label());
    if (found.isEmpty()) {
      say(
          "not-bought",
          unclear.get().server(),
          "--try=" + unclear.get().attempt(),
          "--as=" + ChaosWorld.STAFF);
    } else {
      say("adopt", unclear.get().server(), found.getFirst(), "--as=" + ChaosWorld.STAFF);
    }
  }

  /// Nothing more may be paid for: they get the address off the list, or its port opened.
  private void clearAddress(String setup) {
    var labels =
        ChaosWorld.patiently(() ->
            chaos
                .rows()
                .sql(
                    """
                    SELECT o.label FROM server_order o JOIN setup s ON s.server_id = o.server_id
                    WHERE s.id = :setup AND o.parked_at IS NULL
                    """)
                .param("setup", UUID.fromString(setup))
                .query(String.class)
                .list());
    labels.stream()
        .flatMap(label -> chaos.world().hostwinds().sold(label).stream())
        .flatMap(server -> chaos.world().simulatedHosts().find(server).stream())
        .map(SimulatedHost::address)
        .filter(chaos::forgive)
        .forEach(_ -> decisions++);
  }

  private void say(String... command) {
    var answer = chaos.staff(command);
    decisions += answer.code() == 0 ? 1 : 0;
    LOG.atInfo().addKeyValue("code", answer.code()).log(answer.text());
  }
}
