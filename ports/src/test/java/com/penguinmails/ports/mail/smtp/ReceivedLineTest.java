package com.penguinmails.ports.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.model.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedLineTest {
  /// Written by Postfix 3.7 on Debian 12.
  private static final String ENCRYPTED =
      """
      from mail.acme-outreach.test (unknown [172.17.0.1])
      	(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)
      	 key-exchange X25519 server-signature ECDSA (prime256v1) server-digest SHA256)
      	(No client certificate requested)
      	by mx.probe.test (Postfix) with ESMTPS id 61983118587
      	for <proof@probe.test>; Sat, 21 Nov 2026 05:09:06 +0000 (UTC)
      """;

  @Test
  void readsClientAndHeloAsPostfixWritesThem() {
    assertThat(ReceivedLine.parse(ENCRYPTED))
        .contains(
            new ReceivedLine(
                "mail.acme-outreach.test", new IpAddress("172.17.0.1"), "mx.probe.test", true));
  }

  @Test
  void readsAnIpv6ClientWithoutTls() {
    assertThat(
            ReceivedLine.parse(
                "from a.test (a.test [IPv6:2001:db8::1]) by mx.probe.test (Postfix) with ESMTP"
                    + " id 4dXb2r0Wz1z9s; Sat, 21 Nov 2026 05:09:06 +0000 (UTC)"))
        .contains(new ReceivedLine("a.test", new IpAddress("2001:db8::1"), "mx.probe.test", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "from a.test by mx.probe.test; Sat, 21 Nov 2026 05:09:06 +0000",
        "from a.test (a.test [192.0.2.1]) (b.test [192.0.2.2]) by mx.probe.test (Postfix) with"
            + " ESMTP id 4dXb; Sat, 21 Nov 2026 05:09:06 +0000",
        "from a.test (a.test [192.0.2.999]) by mx.probe.test (Postfix) with ESMTP id 4dXb; Sat",
        "from a.test (a.test [192.0.2.1]) by mx.probe.test (Exim 4.96) with ESMTP id 4dXb; Sat",
        "from a (a [192.0.2.1]) by mx.probe.test (Postfix) with ESMTP id 4d; Sat; by x (Postfix)"
      })
  void understandsNothingElse(String line) {
    assertThat(ReceivedLine.parse(line)).isEmpty();
  }
}
