package com.penguinmails.sandbox.mail.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class RawMessageTest {
  private static final String TEXT =
      "From: <a@b.test>\r\nSubject: one\r\n  two\r\nX-Mailer: none\r\n\r\nbody\r\n\r\nend\r\n";

  @Test
  void staysAsItIs() {
    assertThat(RawMessage.parse(TEXT).text()).isEqualTo(TEXT);
  }

  @Test
  void unfoldsAndRemovesWholeFields() {
    var message = RawMessage.parse(TEXT);

    assertThat(message.value("subject")).contains("one  two");
    assertThat(message.without(Set.of("subject")).names()).containsExactly("From", "X-Mailer");
  }

  @Test
  void aTextWithoutHeaderIsAllBody() {
    var message = RawMessage.parse("just text\r\n");

    assertThat(message.fields()).isEmpty();
    assertThat(message.body()).isEqualTo("just text\r\n");
  }
}
