package com.penguinmails.workflows.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.domain.RecordVerification.SeenAt;
import com.penguinmails.workflows.domain.RecordVerification.SeenAt.Kind;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordVerificationTest {
  private static final DnsRecord SPF =
      new DnsRecord(
          new RecordName("acme.test"), DnsRecord.Type.TXT, "v=spf1 ip4:192.0.2.1 ~all", 300);

  @Test
  void waitsWhileNobodyWasAsked() {
    assertThat(RecordVerification.of(SPF, List.of()).state()).hasToString("WAITING");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          AUTHORITATIVE | v=spf1 ip4:192.0.2.1 ~all             | ''       | VERIFIED
          AUTHORITATIVE | ''                                    | ''       | WAITING
          AUTHORITATIVE | ''                                    | SERVFAIL | WAITING
          RECURSIVE     | v=spf1 -all                           | ''       | WAITING
          AUTHORITATIVE | v=spf1 -all                           | ''       | CONFLICT
          AUTHORITATIVE | v=spf1 ip4:192.0.2.1 ~all;v=spf1 -all | ''       | CONFLICT
          AUTHORITATIVE | v=spf1 ip4:192.0.2.1 ~all;other=text  | ''       | VERIFIED
          """)
  void judges(Kind kind, String values, String detail, String state) {
    var list = values.isEmpty() ? List.<String>of() : List.of(values.split(";"));

    var answer =
        detail.isEmpty()
            ? SeenAt.said("192.0.2.53", kind, list)
            : SeenAt.silent("192.0.2.53", kind, detail);
    var verification = RecordVerification.of(SPF, List.of(answer));

    assertThat(verification.state()).hasToString(state);
  }
}
