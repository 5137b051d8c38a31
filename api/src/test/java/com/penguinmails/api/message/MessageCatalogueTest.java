package com.penguinmails.api.message;

import static org.assertj.core.api.Assertions.assertThat;

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
}
