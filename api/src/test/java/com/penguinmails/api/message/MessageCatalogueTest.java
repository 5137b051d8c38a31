package com.penguinmails.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.api.temporal.Absence;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.FailureType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageCatalogueTest {
  private final MessageCatalogue catalogue = new MessageCatalogue();

  @ParameterizedTest
  @EnumSource
  void everyCauseHasItsWords(Cause cause) {
    var message = catalogue.of(cause);

    assertThat(message.cause()).endsWith(".");
    assertThat(message.nextStep()).endsWith(".");
    assertThat(message.whoActs()).isEqualTo(cause.helper());
    assertThat(catalogue.ofCause(cause.name())).contains(message);
  }

  @ParameterizedTest
  @EnumSource
  void everyFailureTypeHasItsWords(FailureType type) {
    var message = catalogue.of(type);

    assertThat(message.cause()).endsWith(".");
    assertThat(message.nextStep()).endsWith(".");
  }

  @ParameterizedTest
  @EnumSource
  void everyPartThatCanBeAwayHasItsWords(Absence.Part part) {
    var message = catalogue.of(part);

    assertThat(message.cause()).contains("away").endsWith("Nothing is lost.");
    assertThat(message.nextStep()).contains("goes on by itself").endsWith(".");
    assertThat(message.whoActs()).isEqualTo(Cause.Helper.STAFF);
  }
}
