package com.penguinmails.workflows.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.server.OrderActivities.AddressJudged;
import com.penguinmails.workflows.server.OrderActivities.Listing;
import com.penguinmails.workflows.temporal.Trouble;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressDecisionTest {
  @Test
  void takesAnAddressNobodyLists() {
    assertThat(AddressDecision.of(judged(0, List.of()))).isEmpty();
  }

  @Test
  void takesAnAddressWhenNoListAnswers() {
    assertThat(AddressDecision.of(judged(31, List.of()))).isEmpty();
  }

  @Test
  void refusesWhatOneListThatMattersNames() {
    var judged = judged(0, List.of(new Listing("zen.spamhaus.org", true, "SBL")));

    assertThat(AddressDecision.of(judged))
        .contains(new Trouble(Cause.ADDRESS_LISTED, "zen.spamhaus.org (SBL)"));
  }

  @Test
  void refusesWhatManySmallListsName() {
    assertThat(AddressDecision.of(small(2))).isEmpty();
    assertThat(AddressDecision.of(small(3))).map(Trouble::cause).contains(Cause.ADDRESS_LISTED);
  }

  @Test
  void saysWhichListsDoNotCountAndWhy() {
    var judged =
        new AddressJudged(
            31,
            1,
            List.of(),
            Optional.of(List.of("dead.test (does not name its own test address)")));

    assertThat(judged.evidence())
        .isEqualTo(
            "31 lists asked, 1 without an answer that counts: dead.test (does not name its own test"
                + " address); on the list: none");
  }

  private static AddressJudged small(int count) {
    return judged(
        0,
        IntStream.range(0, count)
            .mapToObj(number -> new Listing("small-" + number + ".test", false, "trap"))
            .toList());
  }

  private static AddressJudged judged(int unknown, List<Listing> listings) {
    return new AddressJudged(31, unknown, listings, Optional.empty());
  }
}
