package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.acme.AcmeFaultProxy;
import com.penguinmails.sandbox.dns.simulated.DnsFaults;
import com.penguinmails.sandbox.dns.simulated.DnsFaults.Target;
import com.penguinmails.sandbox.dns.simulated.Server;
import com.penguinmails.sandbox.dns.simulated.SimulatedDnsWorld;
import com.penguinmails.sandbox.host.HostFaults;
import com.penguinmails.sandbox.host.SimulatedHost;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.temporal.TaskQueues;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongFunction;

/// Makes whoever an activity is about to ask give one wrong answer: the simulated seller, the
/// authority's proxy, the DNS servers, a host's door. With several runs at once another run's call
/// may meet it.
final class WrongAnswers {
  private static final Duration LATE = Duration.ofMillis(700);
  private static final List<ProviderFault> OF_SELLERS =
      List.of(
          new ProviderFault.SaysNo("An unknown error has occurred"),
          new ProviderFault.AsksToWait(Duration.ofSeconds(1)),
          new ProviderFault.Html(502),
          new ProviderFault.Html(200),
          new ProviderFault.CutBefore(),
          new ProviderFault.AnswerLost(),
          new ProviderFault.HtmlAfter(504),
          new ProviderFault.Slow(LATE));
  private static final List<AcmeFaultProxy.Fault> OF_AUTHORITIES =
      List.of(
          new AcmeFaultProxy.Fault.TooManyRequests(Duration.ofSeconds(1), true),
          new AcmeFaultProxy.Fault.TooManyRequests(Duration.ofSeconds(1), false),
          new AcmeFaultProxy.Fault.ServerError(500),
          new AcmeFaultProxy.Fault.ServerError(503),
          new AcmeFaultProxy.Fault.Slow(LATE),
          new AcmeFaultProxy.Fault.CutBefore(),
          new AcmeFaultProxy.Fault.CutAfter());
  private static final List<DnsFaults.Fault> OF_NAME_SERVERS =
      List.of(
          new DnsFaults.Fault.Servfail(),
          new DnsFaults.Fault.Refuse(),
          new DnsFaults.Fault.Silence(),
          new DnsFaults.Fault.Late(LATE),
          new DnsFaults.Fault.AnswerLost());

  private static final Duration COMES_WITHIN = Duration.ofSeconds(3);
  private static final int STAYS_FOR = 400; // milliseconds at most, before it is cut off

  private final SandboxWorld world;
  private final LongFunction<Optional<SimulatedHost>> hosts;

  /// @param hosts the host of a run, by its seed
  WrongAnswers(SandboxWorld world, LongFunction<Optional<SimulatedHost>> hosts) {
    this.world = world;
    this.hosts = hosts;
  }

  /// Whether an activity of this queue asks somebody outside who may answer wrong.
  static boolean isAskedBy(String queue) {
    return !queue.equals(TaskQueues.STORE) && !queue.equals(TaskQueues.MAIL);
  }

  /// @param queue of the activity: whom it asks
  /// @param activity its type
  /// @param seed of the run
  void plan(String queue, String activity, Random random, long seed) {
    switch (queue) {
      case TaskQueues.ACME -> world.acmeFaults().plan("/", one(OF_AUTHORITIES, random), 1);
      case TaskQueues.DNS -> {
        if (world.dns() instanceof SimulatedDnsWorld names) {
          var zone = new DomainName("chaos-%d.test".formatted(seed));
          var asked = Target.of(one(List.of(Server.values()), random), zone);
          names.faults().plan(asked, one(OF_NAME_SERVERS, random), 1);
        }
      }
      case TaskQueues.SSH ->
          hosts.apply(seed).ifPresent(host -> cutOff(host.faults(), random.nextInt(STAYS_FOR)));
      default -> {
        if (!isAskedBy(queue)) {
          throw new IllegalArgumentException("nobody outside is asked by " + queue);
        }
        world.hostwinds().plan(action(activity), ofSeller(random), 1);
      }
    }
  }

  /// As soon as somebody is in, and has been for so long.
  private static void cutOff(HostFaults host, int milliseconds) {
    Thread.ofVirtual()
        .name("cut-off")
        .start(() -> {
          var end = Instant.now().plus(COMES_WITHIN);
          while (!host.hasConnections() && Instant.now().isBefore(end)) {
            ChaosWorld.pause(Duration.ofMillis(20));
          }
          ChaosWorld.pause(Duration.ofMillis(milliseconds));
          host.dropConnections();
        });
  }

  /// The paid call itself, where there is one; else whatever is asked first.
  private static String action(String activity) {
    return switch (activity) {
      case "Order.Buy" -> "add_instance";
      case "Triage.ChangeAddress" -> "change_main_ip";
      default -> "*";
    };
  }

  static ProviderFault ofSeller(Random random) {
    return one(OF_SELLERS, random);
  }

  private static <T> T one(List<T> several, Random random) {
    return several.get(random.nextInt(several.size()));
  }
}
