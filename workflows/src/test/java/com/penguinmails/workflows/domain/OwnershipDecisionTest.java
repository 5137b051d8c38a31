package com.penguinmails.workflows.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.domain.RecordVerification.SeenAt;
import com.penguinmails.workflows.domain.RecordVerification.SeenAt.Kind;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnershipDecisionTest {
  private static final DnsRecord PROOF =
      OwnershipDecision.proof(new DomainName("mail.acme.test"), "0a1b");

  @Test
  void theProofStandsBelowTheNameWithATextOfItsOwn() {
    assertThat(PROOF)
        .hasToString(
            "_penguinmails-challenge.mail.acme.test TXT penguinmails-domain-verification=0a1b");
  }

  /// Each server between bars: `ours`, `theirs`, `both`, `none`, or `silent`.
  @ParameterizedTest
  @CsvSource({
    "ours ours,     true,  true",
    "both ours,     true,  true",
    "ours none,     false, true",
    "ours silent,   false, true",
    "theirs silent, false, false",
    "theirs none,   false, false",
    "none none,     false, false",
    "silent silent, false, false",
    "'',            false, false"
  })
  void whoClaimsIsSeenEverywhereAndWhoOwnsAnywhere(
      String servers, boolean isProved, boolean isHeld) {
    var answers =
        Arrays.stream(servers.split(" ", -1))
            .filter(said -> !said.isEmpty())
            .map(OwnershipDecisionTest::answer)
            .toList();

    assertThat(OwnershipDecision.isProved(PROOF, answers)).isEqualTo(isProved);
    assertThat(OwnershipDecision.isHeld(PROOF, answers)).isEqualTo(isHeld);
  }

  @ParameterizedTest
  @CsvSource({
    "true,  PT0S,     KEPT",
    "true,  P30D,     KEPT",
    "false, PT0S,     MISSING",
    "false, PT167H,   MISSING",
    "false, P7D,      LOST",
    "false, P30D,     LOST"
  })
  void aChallengedOwnerLosesTheNameOnlyAfterTheGrace(
      boolean isHeld, Duration missing, String verdict) {
    assertThat(OwnershipDecision.challenge(isHeld, missing, Duration.ofDays(7)))
        .hasToString(verdict);
  }

  private static SeenAt answer(String said) {
    var theirs = "penguinmails-domain-verification=ffff";
    return switch (said) {
      case "ours" -> seen(PROOF.value());
      case "theirs" -> seen(theirs);
      case "both" -> seen(theirs, PROOF.value());
      case "none" -> seen();
      case "silent" -> SeenAt.silent("192.0.2.53", Kind.AUTHORITATIVE, "timed out");
      default -> throw new IllegalArgumentException(said);
    };
  }

  private static SeenAt seen(String... values) {
    return SeenAt.said("192.0.2.53", Kind.AUTHORITATIVE, List.of(values));
  }
}
