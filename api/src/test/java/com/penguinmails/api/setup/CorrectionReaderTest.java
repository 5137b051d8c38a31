package com.penguinmails.api.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What a tenant may correct when asking to try again.
class CorrectionReaderTest {
  @Test
  void correctsNothingUnlessAsked() {
    assertThat(read("")).isEqualTo(Correction.none());
    assertThat(read("{}")).isEqualTo(Correction.none());
  }

  @Test
  void readsAnotherLoginAnotherKeyAndAYes() {
    var correction =
        read(
            """
            {"server": {"user": "admin", "password": "pass word"},
             "dns": {"keyName": "other.", "secret": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="},
             "allowMxReplace": true}
            """);

    var login = correction.login().orElseThrow();
    assertThat(login.user()).contains("admin");
    assertThat(login.fields()).containsEntry("password", "pass word");
    var zoneKey = correction.zoneKey().orElseThrow();
    assertThat(zoneKey.keyName().orElseThrow().value()).isEqualTo("other");
    assertThat(zoneKey.algorithm()).isEmpty();
    assertThat(correction.allowMxReplace()).isTrue();
    assertThat(correction.toString()).doesNotContain("pass word").doesNotContain("MDEy");
  }

  @Test
  void saysAtOnceAllThatIsWrongAndNeverTheValues() {
    var problem =
        catchThrowableOfType(
            ProblemException.class,
            () ->
                read(
                    """
                    {"server": {"user": "Not A User", "address": "8.8.8.8"},
                     "dns": {"secret": "too short"}, "domain": "other.com"}
                    """));

    assertThat(problem.faults())
        .extracting(Fault::field)
        .containsExactlyInAnyOrder(
            "server.user", "server.password", "server.address", "dns.secret", "domain");
    assertThat(problem.faults().toString())
        .doesNotContain("Not A User")
        .doesNotContain("too short");
  }

  private static Correction read(String body) {
    return CorrectionReader.read(body.getBytes(StandardCharsets.UTF_8));
  }
}
