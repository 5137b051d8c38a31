package com.penguinmails.sandbox.vps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.vps.CallRate;
import com.penguinmails.ports.vps.Vps;
import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.ports.vps.VpsProvider.Purchase;
import com.penguinmails.ports.vps.VpsProvider.RootPassword;
import com.penguinmails.ports.vps.VpsProviderContract;
import com.penguinmails.ports.vps.hostwinds.HostwindsVpsProvider;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ProviderServerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The client of Hostwinds against the simulation of Hostwinds: the contract, and what is
/// Hostwinds' own.
class HostwindsVpsProviderTest implements VpsProviderContract {
  private static final String KEY = "sandbox-key";

  @TempDir private Path directory;
  private final Racks racks = new Racks();
  private SimulatedHostwinds hostwinds;
  private VpsProvider provider;

  @BeforeEach
  void start() {
    hostwinds = open(SimulatedHostwinds.Timing.none());
    provider = client(KEY);
  }

  @AfterEach
  void stop() {
    hostwinds.close();
  }

  private SimulatedHostwinds open(SimulatedHostwinds.Timing timing) {
    return SimulatedHostwinds.start(
        new SimulatedHostwinds.Place(
            directory, 0, KEY, timing, racks, number -> new IpAddress("192.0.2." + (20 + number))));
  }

  private VpsProvider client(String key) {
    return HostwindsVpsProvider.at(
        hostwinds.url(), () -> key, CallRate.perSecond(10_000), Duration.ofSeconds(2));
  }

  @Override
  public VpsProvider provider() {
    return provider;
  }

  @Override
  public VpsProvider withWrongKey() {
    return client("wrong");
  }

  @Override
  public boolean isReverseName(IpAddress address, DomainName name) {
    return racks.isReverseName(address, name);
  }

  @Override
  public Optional<Machine> machine(ProviderServerId server, RootPassword password) {
    return racks.look(server.value(), password);
  }

  @Override
  public int invoices() {
    return hostwinds.charges().size();
  }

  @Override
  public void nextPurchaseMeets(Fault fault) {
    var planned =
        switch (fault) {
          case PAGE_INSTEAD -> new ProviderFault.Html(200);
          case ANSWER_LOST -> new ProviderFault.AnswerLost();
          case SLOW_DOWN -> new ProviderFault.AsksToWait(Duration.ofMinutes(1));
        };
    hostwinds.plan("add_instance", planned, 1);
  }

  private static OrderLabel label() {
    return OrderLabel.of("t3st01", new OrderId(UUID.randomUUID()));
  }

  private Purchase purchase(OrderLabel label) {
    return new Purchase(
        label,
        provider.plans().getFirst().id(),
        provider.places().getFirst().id(),
        provider.images().getFirst().id());
  }

  private Vps buy(OrderLabel label) {
    provider.buy(purchase(label));
    await().until(() -> provider.findByLabel(label).size() == 1);
    return provider.findByLabel(label).getFirst();
  }

  @Test
  void saysThatAnHtmlPageIsNoAnswer() {
    hostwinds.plan("get_price_list", new ProviderFault.Html(200), 1);
    hostwinds.plan("get_price_list", new ProviderFault.Html(502), 1);

    assertThatThrownBy(provider::plans).isInstanceOf(Unavailable.class).hasMessageContaining("200");
    assertThatThrownBy(provider::plans).isInstanceOf(Unavailable.class).hasMessageContaining("502");
    assertThat(provider.plans()).isNotEmpty();
  }

  @Test
  void takesAnErrorWithHttp200ForARefusal() {
    hostwinds.plan(
        "add_instance",
        new ProviderFault.SaysNo(
            "Hourly products are disabled!<br> Please contact customer service."),
        1);
    var label = label();

    assertThatThrownBy(() -> provider.buy(purchase(label)))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("Hourly products are disabled! Please contact customer service.");
    assertThat(hostwinds.charges()).isEmpty();
  }

  @Test
  void explainsTheAllowList() {
    hostwinds.plan("get_locations", new ProviderFault.NotAuthorized(), 1);

    assertThatThrownBy(provider::places)
        .isInstanceOfSatisfying(
            Refused.class, no -> assertThat(no.type()).isEqualTo(FailureType.LOGIN_REFUSED))
        .hasMessageContaining("IPv4");
  }

  @Test
  void neverBuysASecondTimeByItself() {
    hostwinds.plan("add_instance", new ProviderFault.AnswerLost(), 1);
    var label = label();

    assertThatThrownBy(() -> provider.buy(purchase(label))).isInstanceOf(Unavailable.class);

    assertThat(hostwinds.calls("add_instance")).isOne();
    assertThat(provider.findByLabel(label)).hasSize(1);
    assertThat(hostwinds.charges())
        .extracting(SimulatedHostwinds.Charge::total)
        .containsExactly(new Money(999, "USD"));
  }

  @Test
  void isInDoubtWhenTheServerDoesNotAnswerInTime() {
    hostwinds.plan("add_instance", new ProviderFault.Slow(Duration.ofSeconds(4)), 1);

    assertThatThrownBy(() -> provider.buy(purchase(label()))).isInstanceOf(Unavailable.class);
  }

  @Test
  void listsALabelTheProviderGaveTwiceOldestFirst() {
    hostwinds.plan("add_instance", new ProviderFault.Twice(), 1);
    var label = label();

    provider.buy(purchase(label));

    assertThat(provider.findByLabel(label))
        .hasSize(2)
        .isSortedAccordingTo((a, b) -> a.id().value().compareTo(b.id().value()));
  }

  @Test
  void waitsForAServerThatIsListedLateAndWithoutAnAddress() {
    hostwinds.close();
    hostwinds =
        open(
            new SimulatedHostwinds.Timing(
                Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofMillis(900)));
    provider = client(KEY);
    var label = label();

    provider.buy(purchase(label));

    assertThat(provider.findByLabel(label)).isEmpty();
    await().until(() -> provider.findByLabel(label).size() == 1);
    var early = provider.findByLabel(label).getFirst();
    assertThat(early.state()).isEqualTo(Vps.State.PENDING);
    assertThat(early.address()).isEmpty();
    await().until(() -> provider.get(early.id()).state() == Vps.State.ACTIVE);
    assertThat(provider.get(early.id()).address()).isPresent();
  }

  @Test
  void doesNotBelieveASuccessThatChangedNothing() {
    var vps = buy(label());
    hostwinds.plan("change_main_ip", new ProviderFault.Pretend(), 1);

    provider.changeMainAddress(vps.id());

    assertThat(provider.get(vps.id()).address()).isEqualTo(vps.address());
  }

  @Test
  void changesNoSizeBeforeItsInvoiceIsPaid() {
    var label = label();
    var vps = buy(label);

    provider.orderUpgrade(vps.id(), "102");

    assertThat(hostwinds.charges())
        .contains(
            new SimulatedHostwinds.Charge(
                vps.id().value(), label.value(), "upgrade_instance", new Money(1899, "USD")));
    assertThat(provider.get(vps.id()).size()).isEqualTo(vps.size());
  }

  @Test
  void keepsServersAndInvoicesOverARestart() {
    var vps = buy(label());
    await().until(() -> racks.hold(vps.id().value()));
    hostwinds.close();

    hostwinds = open(SimulatedHostwinds.Timing.none());
    provider = client(KEY);

    assertThat(provider.all()).extracting(Vps::id).containsExactly(vps.id());
    assertThat(hostwinds.charges()).hasSize(1);
    var next = buy(label());
    assertThat(next.id()).isNotEqualTo(vps.id());
    assertThat(next.address()).isNotEqualTo(vps.address());
  }

  @Test
  void takesTheMachineAwayWithTheServer() {
    var vps = buy(label());
    await().until(() -> racks.hold(vps.id().value()));

    provider.terminate(vps.id());

    await().until(() -> !racks.hold(vps.id().value()));
    assertThatThrownBy(() -> provider.get(vps.id())).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> provider.rename(new ProviderServerId("700999"), "x"))
        .isInstanceOf(Refused.class);
  }

  /// A second order is refused while the first is at work, and has its way all the same.
  @Test
  void saysOfAServerThatWasGivenUpThatItLeaves() {
    var label = label();
    var vps = buy(label);
    hostwinds.slowToLeave(Duration.ofSeconds(3));

    provider.terminate(vps.id());

    assertThat(provider.findByLabel(label))
        .extracting(Vps::state)
        .containsExactly(Vps.State.LEAVING);
    assertThatThrownBy(() -> provider.power(vps.id(), VpsProvider.Power.ON))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("being deleted");
    provider.terminate(vps.id());
    assertThat(provider.get(vps.id()).state()).isEqualTo(Vps.State.LEAVING);

    await().until(() -> provider.findByLabel(label).isEmpty());
    provider.terminate(vps.id());
    assertThat(hostwinds.calls("terminate")).isEqualTo(3);
    await().until(() -> !racks.hold(vps.id().value()));
  }

  @Test
  void saysSoWhenAServerIsNotGivenUp() {
    var vps = buy(label());
    hostwinds.plan("terminate", new ProviderFault.SaysNo("Service is locked."), 1);

    assertThatThrownBy(() -> provider.terminate(vps.id()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("Service is locked.");
  }
}
