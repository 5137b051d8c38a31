package com.penguinmails.ports.vps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.vps.VpsProvider.Purchase;
import com.penguinmails.ports.vps.VpsProvider.RootPassword;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ProviderServerId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// What every seller of servers keeps. An adapter is finished when it passes. Buys servers: run
/// against an account whose bill does not matter.
public interface VpsProviderContract {
  /// Access to an account that may buy.
  VpsProvider provider();

  /// The same account with a key that is not taken.
  VpsProvider withWrongKey();

  /// Whether the reverse name of the address is this, seen from outside.
  boolean isReverseName(IpAddress address, DomainName name);

  /// The server's machine as `root` sees it who logs in with this password; empty while nobody can.
  Optional<Machine> machine(ProviderServerId server, RootPassword password);

  /// How many invoices the account has, as the seller's books or its pages for people show.
  int invoices();

  /// The next purchase, and nothing else, meets this.
  void nextPurchaseMeets(Fault fault);

  /// What a seller's answer may be, beside yes and a readable no.
  enum Fault {
    /// A page for people with HTTP 200, from something in front of the seller; nothing is done.
    PAGE_INSTEAD,
    /// The server is bought and charged, and the connection ends before the answer.
    ANSWER_LOST,
    /// Nothing is done; the seller asks to come back after a minute.
    SLOW_DOWN
  }

  /// @param boot names the run of its system: another one after every start
  /// @param installation names what is on its disk, as a host key does: another one after every
  ///   installation
  record Machine(String boot, String installation) {}

  private static OrderLabel label() {
    return OrderLabel.of("t3st01", new OrderId(UUID.randomUUID()));
  }

  private Purchase purchase(OrderLabel label) {
    return new Purchase(
        label,
        provider().plans().getFirst().id(),
        provider().places().getFirst().id(),
        provider().images().getFirst().id());
  }

  private Vps bought(OrderLabel label) {
    provider().buy(purchase(label));
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() ->
            provider().findByLabel(label).stream()
                .anyMatch(vps -> vps.state() == Vps.State.ACTIVE && vps.address().isPresent()));
    return provider().findByLabel(label).getFirst();
  }

  private Optional<Machine> machine(Vps vps) {
    return machine(vps.id(), provider().rootPassword(vps.id()));
  }

  /// Waits until somebody may log in again, and what they see is this.
  private void untilUp(Vps vps, Predicate<Machine> isSeen) {
    await()
        .atMost(Duration.ofMinutes(10))
        .until(() ->
            provider().get(vps.id()).state() == Vps.State.ACTIVE
                && machine(vps).filter(isSeen).isPresent());
  }

  @Test
  default void sellsTheCheapestFirst() {
    assertThat(provider().plans())
        .isNotEmpty()
        .allSatisfy(plan -> {
          assertThat(plan.monthly().cents()).isPositive();
          assertThat(plan.size().memoryMib()).isBetween(512L, 1L << 20);
          assertThat(plan.size().cpus()).isPositive();
        })
        .isSortedAccordingTo((a, b) -> Long.compare(a.monthly().cents(), b.monthly().cents()));
    assertThat(provider().places()).isNotEmpty();
    assertThat(provider().images()).isNotEmpty();
  }

  @Test
  default void sellsAServerThatIsFoundByItsLabelAlone() {
    var label = label();
    var purchase = purchase(label);

    var vps = bought(label);

    assertThat(vps.label()).isEqualTo(label.value());
    assertThat(vps.place()).isEqualTo(purchase.place());
    assertThat(vps.size()).isEqualTo(provider().plans().getFirst().size());
    assertThat(provider().rootPassword(vps.id()).value()).isNotBlank();
    assertThat(provider().all()).extracting(Vps::id).contains(vps.id());
    assertThat(provider().findByLabel(label())).isEmpty();
  }

  @Test
  default void neverShowsThePassword() {
    var vps = bought(label());

    var password = provider().rootPassword(vps.id());

    assertThat(provider().get(vps.id()).toString()).doesNotContain(password.value());
    assertThat(password.toString()).doesNotContain(password.value());
  }

  @Test
  default void refusesAPlaceThatDoesNotExist() {
    var right = purchase(label());

    assertThatThrownBy(
            () -> provider().buy(new Purchase(right.label(), right.plan(), "99999", right.image())))
        .isInstanceOf(Refused.class);
    assertThat(provider().findByLabel(right.label())).isEmpty();
  }

  /// A no would be bought again.
  @Test
  default void doesNotTakeAPageForANo() {
    var purchase = purchase(label());
    nextPurchaseMeets(Fault.PAGE_INSTEAD);

    assertThatThrownBy(() -> provider().buy(purchase)).isInstanceOf(Unavailable.class);
  }

  @Test
  default void neverBuysTwiceByItself() {
    var purchase = purchase(label());
    nextPurchaseMeets(Fault.ANSWER_LOST);

    assertThatThrownBy(() -> provider().buy(purchase)).isInstanceOf(Unavailable.class);

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> !provider().findByLabel(purchase.label()).isEmpty());
    assertThat(provider().findByLabel(purchase.label())).hasSize(1);
  }

  @Test
  default void saysHowLongItIsAskedToWait() {
    var purchase = purchase(label());
    nextPurchaseMeets(Fault.SLOW_DOWN);

    assertThatThrownBy(() -> provider().buy(purchase))
        .isInstanceOfSatisfying(
            RateLimited.class,
            asked ->
                assertThat(asked.retryAfter())
                    .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60)));
    assertThat(provider().findByLabel(purchase.label())).isEmpty();
  }

  @Test
  default void refusesAServerThatDoesNotExist() {
    assertThatThrownBy(() -> provider().get(new ProviderServerId("1"))).isInstanceOf(Refused.class);
  }

  @Test
  default void namesTheKeyWhenItIsNotTaken() {
    assertThatThrownBy(() -> withWrongKey().plans())
        .isInstanceOfSatisfying(
            Refused.class, no -> assertThat(no.type()).isEqualTo(FailureType.LOGIN_REFUSED));
  }

  @Test
  default void setsReverseNamesWhenItSaysSo() {
    var vps = bought(label());
    var address = vps.address().orElseThrow();
    var name = new DomainName("mail.contract.test");

    if (provider().capabilities().reverseNames()) {
      provider().setReverseName(vps.id(), address, name);
      provider().setReverseName(vps.id(), address, name);
      await().atMost(Duration.ofSeconds(20)).until(() -> isReverseName(address, name));
    } else {
      assertThatThrownBy(() -> provider().setReverseName(vps.id(), address, name))
          .isInstanceOf(Refused.class);
    }
  }

  @Test
  default void changesTheMainAddressWhenItSaysSo() {
    var vps = bought(label());
    int invoices = invoices();

    if (provider().capabilities().addressChange()) {
      provider().changeMainAddress(vps.id());
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !provider().get(vps.id()).address().equals(vps.address()));
      assertThat(invoices()).isEqualTo(invoices + 1);
    } else {
      assertThatThrownBy(() -> provider().changeMainAddress(vps.id())).isInstanceOf(Refused.class);
      assertThat(invoices()).isEqualTo(invoices);
    }
  }

  @Test
  default void switchesOffAndOn() {
    var vps = bought(label());
    var before = machine(vps).orElseThrow();

    provider().power(vps.id(), VpsProvider.Power.OFF);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> provider().get(vps.id()).state() == Vps.State.STOPPED && machine(vps).isEmpty());
    provider().power(vps.id(), VpsProvider.Power.ON);
    untilUp(vps, now -> !now.boot().equals(before.boot()));
    assertThat(machine(vps).orElseThrow().installation()).isEqualTo(before.installation());
  }

  @Test
  default void rebootsWhatIsOnTheDisk() {
    var vps = bought(label());
    var before = machine(vps).orElseThrow();

    provider().power(vps.id(), VpsProvider.Power.REBOOT);

    untilUp(vps, now -> !now.boot().equals(before.boot()));
    assertThat(machine(vps).orElseThrow().installation()).isEqualTo(before.installation());
  }

  @Test
  default void installsAnewUnderTheSameNameAndAddress() {
    var label = label();
    var vps = bought(label);
    var before = machine(vps).orElseThrow();

    provider().reinstall(vps.id(), provider().images().getFirst().id());

    untilUp(vps, now -> !now.installation().equals(before.installation()));
    assertThat(provider().findByLabel(label))
        .singleElement()
        .satisfies(now -> {
          assertThat(now.id()).isEqualTo(vps.id());
          assertThat(now.address()).isEqualTo(vps.address());
        });
  }

  @Test
  default void installsNothingThatItDoesNotHave() {
    var vps = bought(label());
    var before = machine(vps);

    assertThatThrownBy(() -> provider().reinstall(vps.id(), "99999")).isInstanceOf(Refused.class);

    assertThat(machine(vps)).isEqualTo(before);
  }

  @Test
  default void givesAServerAnotherNameWhenItSaysSo() {
    var label = label();
    var other = label();
    var vps = bought(label);

    if (provider().capabilities().renames()) {
      provider().rename(vps.id(), other.value());
      provider().rename(vps.id(), other.value());
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() ->
              provider().findByLabel(other).stream().anyMatch(now -> now.id().equals(vps.id())));
      assertThat(provider().get(vps.id()).label()).isEqualTo(other.value());
      assertThat(provider().findByLabel(label)).isEmpty();
    } else {
      assertThatThrownBy(() -> provider().rename(vps.id(), other.value()))
          .isInstanceOf(Refused.class);
      assertThat(provider().get(vps.id()).label()).isEqualTo(label.value());
    }
  }

  @Test
  default void ordersAnotherSizeOnceWhenItSaysSo() {
    var vps = bought(label());
    var larger = provider().plans().getLast().id();
    int invoices = invoices();

    if (provider().capabilities().upgrades()) {
      provider().orderUpgrade(vps.id(), larger);
      assertThat(invoices()).isEqualTo(invoices + 1);
      assertThatThrownBy(() -> provider().orderUpgrade(vps.id(), "99999"))
          .isInstanceOf(Refused.class);
      assertThat(invoices()).isEqualTo(invoices + 1);
    } else {
      assertThatThrownBy(() -> provider().orderUpgrade(vps.id(), larger))
          .isInstanceOf(Refused.class);
      assertThat(invoices()).isEqualTo(invoices);
    }
  }

  @Test
  default void givesUpAServerOnceAndForAll() {
    var label = label();
    var vps = bought(label);

    provider().terminate(vps.id());
    provider().terminate(vps.id());

    await().atMost(Duration.ofMinutes(1)).until(() -> provider().findByLabel(label).isEmpty());
  }
}
