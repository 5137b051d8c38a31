package com.penguinmails.api.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.workflows.model.Money;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
    assertThat(zoneKey.settings()).isEqualTo(Map.of("keyName", "other"));
    assertThat(zoneKey.opens("rfc2136")).isTrue();
    assertThat(correction.allowMxReplace()).isTrue();
    assertThat(correction.toString()).doesNotContain("pass word").doesNotContain("MDEy");
  }

  @Test
  void readsAnotherBudget() {
    var correction = read("{\"server\": {\"monthlyBudget\": \"12.00\"}}");

    assertThat(correction.budget()).contains(new Money(1_200, "USD"));
    assertThat(correction.login()).isEmpty();
  }

  @Test
  void refusesABudgetThatIsNoSumOrComesWithALogin() {
    var problem =
        catchThrowableOfType(
            ProblemException.class,
            () -> read("{\"server\": {\"monthlyBudget\": \"much\", \"password\": \"pass word\"}}"));

    assertThat(problem.faults())
        .extracting(Fault::field)
        .containsExactlyInAnyOrder("server.monthlyBudget", "server.password");
    assertThat(problem.faults().toString()).doesNotContain("much").doesNotContain("pass word");
  }

  @Test
  void readsAnotherToken() {
    var correction = read("{\"dns\": {\"token\": \"0123456789012345678901234567890123456789\"}}");

    var zoneKey = correction.zoneKey().orElseThrow();
    assertThat(zoneKey.secrets()).containsOnlyKeys("token");
    assertThat(zoneKey.opens("cloudflare")).isTrue();
    assertThat(zoneKey.opens("rfc2136")).isFalse();
    assertThat(correction.toString()).doesNotContain("0123456789");
  }

  @Test
  void takesATokenOrAKeyNotBoth() {
    var problem =
        catchThrowableOfType(
            ProblemException.class,
            () ->
                read(
                    "{\"dns\": {\"token\": \"0123456789012345678901234567890123456789\","
                        + " \"secret\": \"x\"}}"));

    assertThat(problem.faults()).extracting(Fault::field).containsExactly("dns.secret");
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
