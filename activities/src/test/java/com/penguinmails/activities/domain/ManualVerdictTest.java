package com.penguinmails.activities.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.domain.ManualEntry;
import com.penguinmails.workflows.domain.RecordVerification.SeenAt;
import com.penguinmails.workflows.domain.RecordVerification.SeenAt.Kind;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManualVerdictTest {
  private static final DnsRecord MX =
      new DnsRecord(new RecordName("acme.test"), DnsRecord.Type.MX, "10 mail.acme.test", 300);

  /// Two name servers and a resolver; `-` says nothing, an empty answer has nothing.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10 mail.acme.test | 10 mail.acme.test | 10 mail.acme.test | VERIFIED  | Seen at all 3 servers asked
          10 mail.acme.test | ''                | 10 mail.acme.test | WANTED    | Nothing is there now
          20 old.acme.test  | 10 mail.acme.test | 10 mail.acme.test | CONFLICT  | There now: 20 old.acme.test
          10 mail.acme.test | -                 | 10 mail.acme.test | PUBLISHED | b did not say
          -                 | -                 | -                 | PUBLISHED | a did not say
          -                 | ''                | ''                | WANTED    | Nothing is there now
          10 mail.acme.test | 10 mail.acme.test | ''                | PUBLISHED | Resolver c has
          10 mail.acme.test | 10 mail.acme.test | 20 old.acme.test  | PUBLISHED | Resolver c has
          """)
  void isWhatTheZonesOwnServersSay(
      String first, String second, String resolver, String state, String evidence) {
    var verdict =
        ManualVerdict.on(
            new ManualEntry(MX, Optional.empty()),
            List.of(
                answer("a", Kind.AUTHORITATIVE, first),
                answer("b", Kind.AUTHORITATIVE, second),
                answer("c", Kind.RECURSIVE, resolver)));

    assertThat(verdict.state()).hasToString(state);
    assertThat(verdict.evidence()).contains(evidence);
  }

  private static SeenAt answer(String server, Kind kind, String said) {
    return said.equals("-")
        ? SeenAt.silent(server, kind, "time-out")
        : SeenAt.said(
            server, kind, Arrays.stream(said.split(";")).filter(v -> !v.isEmpty()).toList());
  }
}
