package com.penguinmails.workflows.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.domain.RecordDrift.State;
import com.penguinmails.workflows.domain.RecordVerification.SeenAt;
import com.penguinmails.workflows.domain.RecordVerification.SeenAt.Kind;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordDriftTest {
  private static final DnsRecord MX =
      new DnsRecord(new RecordName("acme.test"), DnsRecord.Type.MX, "10 mail.acme.test.", 300);

  @Test
  void isThereWhenEveryNameServerThatAnswersHasIt() {
    assertThat(of(said("ns1", "10 MAIL.acme.test."), silent("ns2")).state()).isEqualTo(State.THERE);
  }

  @Test
  void isGoneWhenANameServerAnswersWithoutIt() {
    var drift = of(said("ns1", MX.value()), said("ns2"));

    assertThat(drift.state()).isEqualTo(State.GONE);
    assertThat(drift.evidence()).isEqualTo("acme.test MX is not there at 1 of 2 name servers");
  }

  @Test
  void isGoneWhenAnotherValueHasTakenItsPlace() {
    var drift = of(said("ns1", "5 mx.other.test."), said("ns2", "5 mx.other.test."));

    assertThat(drift.state()).isEqualTo(State.GONE);
    assertThat(drift.evidence()).isEqualTo("acme.test MX is another one at 2 of 2 name servers");
  }

  /// A name server that is down says nothing about its zone.
  @Test
  void isUnknownWhileNobodyAnswers() {
    assertThat(of(silent("ns1"), silent("ns2")).state()).isEqualTo(State.UNKNOWN);
    assertThat(of().state()).isEqualTo(State.UNKNOWN);
  }

  @Test
  void isGoneWhenASecondSpfRecordUndoesIt() {
    var spf =
        new DnsRecord(
            new RecordName("acme.test"), DnsRecord.Type.TXT, "v=spf1 ip4:192.0.2.1 ~all", 300);

    var drift =
        RecordDrift.of(
            spf,
            List.of(SeenAt.said("ns1", Kind.AUTHORITATIVE, List.of(spf.value(), "v=spf1 -all"))));

    assertThat(drift.state()).isEqualTo(State.GONE);
    assertThat(drift.evidence()).contains("second SPF record");
  }

  private static RecordDrift of(SeenAt... answers) {
    return RecordDrift.of(MX, List.of(answers));
  }

  private static SeenAt said(String server, String... values) {
    return SeenAt.said(server, Kind.AUTHORITATIVE, List.of(values));
  }

  private static SeenAt silent(String server) {
    return SeenAt.silent(server, Kind.AUTHORITATIVE, "timed out");
  }
}
