package com.penguinmails.workflows.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.server.OrderActivities.AddressJudged;
import com.penguinmails.workflows.server.OrderActivities.Listing;
import com.penguinmails.workflows.temporal.Trouble;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressDecisionTest {
  @Test
  void takesAnAddressNobodyLists() {
    assertThat(AddressDecision.of(new AddressJudged(31, 0, List.of()))).isEmpty();
  }

  @Test
  void takesAnAddressWhenNoListAnswers() {
    assertThat(AddressDecision.of(new AddressJudged(31, 31, List.of()))).isEmpty();
  }

  @Test
  void refusesWhatOneListThatMattersNames() {
    var judged = new AddressJudged(31, 0, List.of(new Listing("zen.spamhaus.org", true, "SBL")));

    assertThat(AddressDecision.of(judged))
        .contains(new Trouble(Cause.ADDRESS_LISTED, "zen.spamhaus.org (SBL)"));
  }

  @Test
  void refusesWhatManySmallListsName() {
    assertThat(AddressDecision.of(small(2))).isEmpty();
    assertThat(AddressDecision.of(small(3))).map(Trouble::cause).contains(Cause.ADDRESS_LISTED);
  }

  private static AddressJudged small(int count) {
    return new AddressJudged(
        31,
        0,
        IntStream.range(0, count)
            .mapToObj(number -> new Listing("small-" + number + ".test", false, "trap"))
            .toList());
  }
}
