package com.penguinmails.api.mailbox;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.penguinmails.api.mailbox.MailboxesReader.Line;
import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailboxesReaderTest {
  @Test
  void readsLinesInLowerCase() {
    assertThat(
            read(
                """
                {"mailboxes": [{"localPart": " Anna "},
                               {"localPart": "ben.b", "displayName": "Ben Bär"}]}
                """))
        .containsExactly(new Line("anna", ""), new Line("ben.b", "Ben Bär"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'localPart': 'postmaster'} | localPart | every server has",
        "{'localPart': 'anna@acme.com'} | localPart | whole address",
        "{'localPart': 'an na'} | localPart | letters a to z",
        "{'displayName': 'Anna'} | localPart | missing",
        "{'localPart': 7} | localPart | quotes",
        "{'localPart': 'anna', 'displayName': 'a\\nb'} | displayName | one line",
        "{'localPart': 'anna', 'password': 'x'} | password | unknown",
        "{'localPart': 'BEN'} | localPart | same address as mailboxes[0]",
      })
  void namesTheBadLineAndNoOther(String line, String field, String detail) {
    var faults =
        faults("{'mailboxes': [{'localPart': 'ben'}, " + line + ", {'localPart': 'dora'}]}");

    assertThat(faults)
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.field()).isEqualTo("mailboxes[1]." + field);
          assertThat(fault.detail()).contains(detail);
        });
  }

  @Test
  void namesEveryBadLine() {
    assertThat(
            faults("{'mailboxes': ['x', {'localPart': ''}, {'localPart': 'ok'}, {}], 'more': 1}"))
        .extracting(Fault::field)
        .containsExactly(
            "mailboxes[0]", "mailboxes[1].localPart", "mailboxes[3].localPart", "more");
  }

  @Test
  void takesFiveHundredAndNoMore() {
    assertThat(read(lines(500))).hasSize(500);
    assertThat(faults(lines(501))).extracting(Fault::field).containsExactly("mailboxes");
    assertThat(faults("{'mailboxes': []}")).extracting(Fault::field).containsExactly("mailboxes");
    assertThat(faults("{}")).extracting(Fault::field).containsExactly("mailboxes");
    assertThat(faults("{'mailboxes': {}}")).extracting(Fault::field).containsExactly("mailboxes");
  }

  private static String lines(int count) {
    return IntStream.range(0, count)
        .mapToObj("{\"localPart\": \"p%d\"}"::formatted)
        .collect(joining(",", "{\"mailboxes\": [", "]}"));
  }

  private static List<Line> read(String body) {
    return MailboxesReader.read(body.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Fault> faults(String body) {
    return catchThrowableOfType(ProblemException.class, () -> read(body.replace('\'', '"')))
        .faults();
  }
}
