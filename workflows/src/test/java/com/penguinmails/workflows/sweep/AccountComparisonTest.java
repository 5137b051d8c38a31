package com.penguinmails.workflows.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.sweep.AccountComparison.Compared;
import com.penguinmails.workflows.sweep.AccountComparison.Finding;
import com.penguinmails.workflows.sweep.AccountComparison.Known;
import com.penguinmails.workflows.sweep.AccountComparison.Listed;
import com.penguinmails.workflows.sweep.AccountComparison.Stage;
import com.penguinmails.workflows.sweep.AccountComparison.Stray;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a seller's account holds against what we ordered, line by line.
class AccountComparisonTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  private static final Instant BEFORE = NOW.minusSeconds(3_600);
  private static final Money SMALL = new Money(999, "USD");
  private static final Money MEDIUM = new Money(1_899, "USD");
  private static final Money SMALL_A_DAY = new Money(33, "USD");
  private static final String SIZE = "1 CPU, 2048 MiB, 50 GB";
  private static final IpAddress ADDRESS = new IpAddress("192.0.2.10");
  private static final String OTHERS = "pm-0ther1-" + new UUID(9, 9);

  static Stream<Arguments> lines() {
    var used = order(1);
    var parked = stage(order(1), Stage.PARKED);
    var closed = stage(order(1), Stage.CLOSED);
    var moved = new IpAddress("192.0.2.99");
    return Stream.of(
        arguments("as ordered", List.of(server(1)), used, List.of()),
        arguments(
            "two servers of others",
            List.of(server(1), named("web"), named(OTHERS)),
            used,
            List.of()),
        arguments("not listed for the first time", List.of(), used, List.of()),
        arguments(
            "not listed again", List.of(), missed(used, BEFORE), List.of(Cause.SERVER_MISSING)),
        arguments("the same sweep, tried again", List.of(), missed(used, NOW), List.of()),
        arguments(
            "given up at the seller counts as not listed",
            List.of(leaving(server(1))),
            missed(used, BEFORE),
            List.of(Cause.SERVER_MISSING)),
        arguments(
            "being bought: nothing is known to be there", List.of(), unfound(used), List.of()),
        arguments("bought, and not yet taken up", List.of(server(1)), unfound(used), List.of()),
        arguments(
            "a second one",
            List.of(server(1), named(label(1))),
            used,
            List.of(Cause.PURCHASE_DOUBLED)),
        arguments(
            "another size",
            List.of(size(server(1), "2 CPU, 4096 MiB, 75 GB")),
            used,
            List.of(Cause.SERVER_SIZE_DRIFTED)),
        arguments(
            "another address",
            List.of(at(server(1), moved)),
            used,
            List.of(Cause.SERVER_ADDRESS_DRIFTED)),
        arguments(
            "another address while it is being changed",
            List.of(unsettled(at(server(1), moved))),
            used,
            List.of()),
        arguments(
            "another address before it is taken over",
            List.of(at(server(1), moved)),
            unaccepted(used),
            List.of()),
        arguments(
            "another name",
            List.of(called(server(1), "my web server")),
            used,
            List.of(Cause.SERVER_NAME_DRIFTED)),
        arguments(
            "nobody looks after it",
            List.of(server(1)),
            idle(used),
            List.of(Cause.SERVER_WITHOUT_RUN)),
        arguments(
            "nobody looks after one that waits for its domain",
            List.of(),
            unbegun(idle(unfound(used))),
            List.of()),
        arguments("parked, and there", List.of(server(1)), parked, List.of(Cause.SERVER_PARKED)),
        arguments("parked, and gone", List.of(), parked, List.of(Cause.SERVER_PARKED)),
        arguments("released, and there", List.of(server(1)), closed, List.of(Cause.SERVER_STRAY)),
        arguments("released, and leaving", List.of(leaving(server(1))), closed, List.of()),
        arguments("released, and gone", List.of(), closed, List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void finds(String line, List<Listed> account, Known order, List<Cause> causes) {
    var compared = compare(account, order);

    assertThat(compared.findings()).extracting(Finding::cause).isEqualTo(causes);
    assertThat(compared.strays()).isEmpty();
  }

  @Test
  void aLabelOfOursThatNoOrderHasIsPaidForInVain() {
    var compared = compare(List.of(server(1), server(2)), order(1));

    assertThat(compared.findings()).isEmpty();
    assertThat(compared.strays()).hasSize(1);
    var stray = compared.strays().getFirst();
    assertThat(stray.id()).isEqualTo(id(2));
    assertThat(stray.perDay()).contains(SMALL_A_DAY);
    assertThat(stray.evidence()).contains(label(2), "no order has it");
  }

  @Test
  void whatIsOfOthersIsCountedAndNoMore() {
    var compared = compare(List.of(server(1), named("web"), named(OTHERS), named("")), order(1));

    assertThat(compared.listed()).isEqualTo(4);
    assertThat(compared.others()).isEqualTo(3);
    assertThat(compared.findings()).isEmpty();
    assertThat(compared.strays()).isEmpty();
  }

  @Test
  void whatIsPaidInVainIsToldByTheDay() {
    assertThat(only(compare(List.of(server(1)), stage(order(1), Stage.CLOSED))).perDay())
        .contains(SMALL_A_DAY);
    assertThat(only(compare(List.of(), missed(order(1), BEFORE))).perDay()).contains(SMALL_A_DAY);
    assertThat(only(compare(List.of(), stage(order(1), Stage.PARKED))).perDay())
        .as("nothing is there to be paid for")
        .contains(new Money(0, "USD"));
    var larger = priced(size(server(1), "2 CPU, 4096 MiB, 75 GB"), MEDIUM);
    assertThat(only(compare(List.of(larger), order(1))).perDay())
        .as("what it costs more than was ordered")
        .contains(new Money(30, "USD"));
  }

  @Test
  void aNameIsGivenBackByItselfOrWhereItIsALabelByAPersonsWord() {
    var free = only(compare(List.of(called(server(1), "my web server")), order(1)));
    assertThat(free.repair()).contains(Repair.RENAME);
    assertThat(free.isAutomatic()).isTrue();

    for (var label : List.of(label(2), OTHERS)) {
      var claimed = only(compare(List.of(called(server(1), label)), order(1)));
      assertThat(claimed.repair()).contains(Repair.RENAME);
      assertThat(claimed.isAutomatic()).as("a person decides").isFalse();
    }
  }

  @Test
  void aMissingRunIsStartedByItself() {
    var finding = only(compare(List.of(server(1)), idle(order(1))));

    assertThat(finding.repair()).contains(Repair.START_RUN);
    assertThat(finding.isAutomatic()).isTrue();
  }

  /// The id decides whose a server is: the name may have been given by anybody.
  @Test
  void aServerInUseThatBearsTheLabelOfALostOrderIsNoStray() {
    var compared = compare(List.of(called(server(1), label(7))), order(1));

    assertThat(compared.strays()).isEmpty();
    assertThat(only(compared).cause()).isEqualTo(Cause.SERVER_NAME_DRIFTED);
  }

  static Stream<Arguments> reverseNames() {
    return Stream.of(
        arguments("ours", List.of("mail.acme.test"), BEFORE, false),
        arguments("another, again", List.of("host.seller.test"), BEFORE, true),
        arguments("another, first seen by this sweep", List.of("host.seller.test"), NOW, false),
        arguments("another, never seen before", List.of("host.seller.test"), null, false),
        arguments("none, again", List.of(), BEFORE, true),
        arguments("ours and another", List.of("mail.acme.test", "b.test"), BEFORE, true),
        arguments("nobody could say", null, BEFORE, false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reverseNames")
  void aWrongReverseNameIsToldInTheSecondSweep(
      String line, @Nullable List<String> there, @Nullable Instant wrongAt, boolean isFound) {
    var order = pointingBackTo(order(1), there, wrongAt);

    assertThat(compare(List.of(server(1)), order).findings())
        .extracting(Finding::cause)
        .isEqualTo(isFound ? List.of(Cause.SERVER_REVERSE_NAME_DRIFTED) : List.of());
    assertThat(compare(List.of(unsettled(server(1))), order).findings())
        .as("while its seller is at work on it")
        .isEmpty();
    assertThat(compare(List.of(at(server(1), new IpAddress("192.0.2.99"))), order).findings())
        .as("the other address comes first")
        .extracting(Finding::cause)
        .containsExactly(Cause.SERVER_ADDRESS_DRIFTED);
  }

  @Test
  void aWrongReverseNameIsToldWithWhatIsThereAndWhatHelps() {
    var order = pointingBackTo(order(1), List.of("a\u001b[31m", "b", "c", "d"), BEFORE);

    var finding = only(compare(List.of(server(1)), order));

    assertThat(finding.evidence()).contains("192.0.2.10", "a?[31m, b, c and 1 more", BEFORE + "");
    assertThat(finding.proposal()).contains("mail.acme.test");
    assertThat(finding.repair()).contains(Repair.SET_REVERSE_NAME);
    assertThat(finding.isAutomatic()).isTrue();
  }

  private static Known pointingBackTo(
      Known k, @Nullable List<String> there, @Nullable Instant wrongAt) {
    return new Known(
        k.tenant(),
        k.order(),
        k.server(),
        k.label(),
        k.stage(),
        k.isBegun(),
        k.isAccepted(),
        k.found(),
        k.monthly(),
        k.size(),
        k.address(),
        k.missedAt(),
        k.hasRun(),
        Optional.of(
            new ReverseName(
                new DomainName("mail.acme.test"),
                Optional.ofNullable(there),
                Optional.ofNullable(wrongAt))));
  }

  @Test
  void whatANameSaysIsShownWithoutItsControlCharacters() {
    var finding = only(compare(List.of(called(server(1), "a\u001b[31m\nb")), order(1)));

    assertThat(finding.evidence()).contains("\"a?[31m?b\"");
  }

  private static Compared compare(List<Listed> account, Known... orders) {
    return AccountComparison.compare(NOW, "t3st01", account, List.of(orders));
  }

  private static Finding only(Compared compared) {
    assertThat(compared.findings()).hasSize(1);
    assertThat(compared.strays()).extracting(Stray::id).isEmpty();
    return compared.findings().getFirst();
  }

  private static Listed server(int number) {
    return new Listed(
        id(number), label(number), false, true, SIZE, Optional.of(ADDRESS), Optional.of(SMALL));
  }

  private static Listed named(String name) {
    return new Listed(
        new ProviderServerId("other-" + name.length()),
        name,
        false,
        true,
        SIZE,
        Optional.empty(),
        Optional.of(SMALL));
  }

  private static Listed leaving(Listed s) {
    return new Listed(s.id(), s.name(), true, false, s.size(), s.address(), s.monthly());
  }

  private static Listed unsettled(Listed s) {
    return new Listed(s.id(), s.name(), false, false, s.size(), s.address(), s.monthly());
  }

  private static Listed size(Listed s, String size) {
    return new Listed(s.id(), s.name(), false, true, size, s.address(), s.monthly());
  }

  private static Listed priced(Listed s, Money monthly) {
    return new Listed(s.id(), s.name(), false, true, s.size(), s.address(), Optional.of(monthly));
  }

  private static Listed at(Listed s, IpAddress address) {
    return new Listed(s.id(), s.name(), false, true, s.size(), Optional.of(address), s.monthly());
  }

  private static Listed called(Listed s, String name) {
    return new Listed(s.id(), name, false, true, s.size(), s.address(), s.monthly());
  }

  private static Known order(int number) {
    return known(number, Stage.IN_USE, true, true, Optional.of(id(number)), Optional.empty(), true);
  }

  private static Known stage(Known order, Stage stage) {
    return known(1, stage, true, true, order.found(), Optional.empty(), true);
  }

  private static Known missed(Known order, Instant at) {
    return known(1, order.stage(), true, true, order.found(), Optional.of(at), true);
  }

  private static Known unfound(Known order) {
    return known(1, order.stage(), true, false, Optional.empty(), Optional.empty(), true);
  }

  private static Known unaccepted(Known order) {
    return known(1, order.stage(), true, false, order.found(), Optional.empty(), true);
  }

  private static Known idle(Known order) {
    return known(
        1, order.stage(), true, order.isAccepted(), order.found(), Optional.empty(), false);
  }

  private static Known unbegun(Known order) {
    return known(1, order.stage(), false, false, order.found(), Optional.empty(), order.hasRun());
  }

  private static Known known(
      int number,
      Stage stage,
      boolean isBegun,
      boolean isAccepted,
      Optional<ProviderServerId> found,
      Optional<Instant> missedAt,
      boolean hasRun) {
    return new Known(
        new TenantId(new UUID(3, 2)),
        new OrderId(new UUID(1, number)),
        new ServerId(new UUID(2, number)),
        new OrderLabel(label(number)),
        stage,
        isBegun,
        isAccepted,
        found,
        Optional.of(SMALL),
        Optional.of(SIZE),
        Optional.of(ADDRESS),
        missedAt,
        hasRun,
        Optional.empty());
  }

  private static ProviderServerId id(int number) {
    return new ProviderServerId(Integer.toString(700 + number));
  }

  private static String label(int number) {
    return "pm-t3st01-" + new UUID(1, number);
  }
}
