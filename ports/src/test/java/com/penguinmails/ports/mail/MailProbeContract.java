package com.penguinmails.ports.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.ProofCheck.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What every mail probe keeps, against a server where everything is right.
public interface MailProbeContract {
  MailProbe probe();

  /// A mailbox of the server under test, and the recipient at the probe host.
  MailProbe.Submission submission(String token);

  MailProbe.ProbeMailbox mailbox();

  MailProbe.Expected expected();

  MailProbe.Server server();

  /// A token no other test uses.
  static String token() {
    return "proof-" + UUID.randomUUID();
  }

  /// Submits and waits for the arrival.
  default MailProbe.Arrival deliver() {
    var token = token();
    probe().submit(submission(token));
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .until(() -> probe().fetch(mailbox(), token), Optional::isPresent)
        .orElseThrow();
  }

  @Test
  default void findsAGoodMessageGood() {
    var checks = probe().judge(deliver(), expected());

    assertThat(checks)
        .extracting(ProofCheck::name)
        .containsExactly("dkim", "spf", "dmarc", "unaltered");
    assertThat(checks)
        .extracting(ProofCheck::verdict)
        .as("%s", checks)
        .containsOnly(Verdict.PASSED);
  }

  @Test
  default void findsAGoodServerGood() {
    var checks = probe().inspect(server());

    assertThat(checks)
        .extracting(ProofCheck::name)
        .containsExactly(
            "tls-25", "tls-465", "tls-587", "tls-993", "banner", "ptr", "open-relay", "imap-login");
    assertThat(checks)
        .extracting(ProofCheck::verdict)
        .as("%s", checks)
        .containsOnly(Verdict.PASSED);
  }

  @Test
  default void findsNothingUnderATokenNobodySent() {
    assertThat(probe().fetch(mailbox(), token())).isEmpty();
  }

  @Test
  default void sendingTwiceWithOneTokenCountsAsOne() {
    var token = token();

    probe().submit(submission(token));
    probe().submit(submission(token));

    var arrival =
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .pollDelay(Duration.ZERO)
            .until(() -> probe().fetch(mailbox(), token), Optional::isPresent)
            .orElseThrow();
    assertThat(arrival.raw()).contains(token);
  }

  @Test
  default void refusesAWrongPasswordWithoutShowingIt() {
    var right = submission(token());
    var wrong =
        new MailProbe.Submission(
            right.server(),
            right.hostname(),
            right.from(),
            "wrong-pa55",
            right.to(),
            right.token());

    assertThatThrownBy(() -> probe().submit(wrong))
        .isInstanceOfSatisfying(
            Refused.class, e -> assertThat(e.type()).isEqualTo(FailureType.LOGIN_REFUSED))
        .hasMessageNotContainingAny("wrong-pa55", "@");
  }

  @Test
  default void evidenceNamesNoAddressAndNoPassword() {
    var right = server();
    var checks = List.copyOf(probe().inspect(right));

    assertThat(checks)
        .extracting(ProofCheck::evidence)
        .noneMatch(evidence -> evidence.contains("@") || evidence.contains(right.password()));
  }
}
