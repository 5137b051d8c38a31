package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import com.penguinmails.sandbox.host.machine.Listener;
import com.penguinmails.sandbox.host.machine.SshdSettings;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `100-firewall`: our own nftables table.
final class FirewallStep implements Step {
  private static final String UNIT = "penguin-firewall";
  private static final String RULES = "/etc/penguin/firewall.nft";
  private static final String PORTS = "/etc/penguin/firewall-ports.nft";
  private static final Set<Integer> OURS = Set.of(25, 80, 443, 465, 587, 993);

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    verdict.expectUnit(UNIT);
    if (step.disk().exists(RULES)) {
      if (!step.disk().exists(PORTS)) {
        verdict.finds(State.DRIFT, "missing " + PORTS);
      }
      if (!step.memory().isFirewallLoaded()) {
        verdict.finds(State.ABSENT, "table inet penguin is not loaded");
      } else if (!step.memory().isFirewallAsInFile(step.disk())) {
        verdict.finds(State.DRIFT, "table inet penguin is not what its file says");
      }
    }
    return verdict.answer(
        "table inet penguin is loaded, only Postfix may reach port 25; "
            + Reverts.ask(step.machine(), "firewall"));
  }

  /// Once, before our services run.
  private static void recordPorts(StepContext step) {
    if (step.disk().exists(PORTS)) {
      return;
    }
    var ssh = SshdSettings.read(step.disk()).values().getOrDefault("port", "22");
    var kept =
        Stream.concat(
                Stream.of(Integer.valueOf(ssh)),
                step.machine().listeners().stream()
                    .filter(listener -> !listener.isLocal())
                    .map(Listener::port)
                    .filter(port -> !OURS.contains(port)))
            .distinct()
            .sorted()
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    step.disk()
        .write(
            PORTS,
            """
            # What this host served when its firewall was first made.
            define ssh_ports = { %s }
            define kept_tcp = { %s }
            define kept_udp = { 68 }
            """
                .formatted(ssh, kept));
  }

  @Override
  public void begin(StepContext step) {
    recordPorts(step);
    step.changeFiles();
  }

  @Override
  public void end(StepContext step) {
    begin(step);
    step.changed();
    step.runUnit(UNIT);
    Reverts.arm(step.machine(), "firewall"); // logins count from here
  }
}
