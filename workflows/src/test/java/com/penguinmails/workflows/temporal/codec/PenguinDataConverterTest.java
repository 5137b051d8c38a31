package com.penguinmails.workflows.temporal.codec;

import static com.penguinmails.workflows.temporal.codec.CodecKeysSamples.only;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.google.protobuf.ByteString;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PenguinDataConverterTest {
  private final DataConverter converter = PenguinDataConverter.with(only("k1", 1));
  private final DataConverter clear = PenguinDataConverter.clear();

  private static final Order ORDER =
      new Order(
          new ServerId(UUID.fromString("01939c5e-0000-7000-8000-000000000001")),
          new DomainName("example.com"),
          Optional.of(SecretRef.parse("server/01/login#3")),
          Instant.parse("2026-11-21T04:00:00.123456789Z"),
          Duration.ofMinutes(90),
          List.of("canary-in-list"),
          new Answer.Bought("canary-in-answer"));

  @Test
  void givesBackRecordsWithSealedTypesAndOptionals() {
    assertThat(roundTrip(ORDER, Order.class)).isEqualTo(ORDER);
    assertThat(roundTrip(new Answer.Unclear(), Answer.class)).isEqualTo(new Answer.Unclear());
  }

  @Test
  void writesPlainWordsInsideTheEncryption() {
    assertThat(json(ORDER))
        .isEqualTo(
            """
            {"server":"01939c5e-0000-7000-8000-000000000001","domain":"example.com",\
            "login":"server/01/login#3","since":"2026-11-21T04:00:00.123456789Z",\
            "patience":"PT1H30M","notes":["canary-in-list"],\
            "answer":{"kind":"bought","by":"canary-in-answer"}}\
            """);
  }

  @Test
  void readsRecordsThatHaveGrownAndRecordsThatWereLarger() {
    var old = "{\"server\":\"01939c5e-0000-7000-8000-000000000001\",\"goneSince\":5}";

    var read = clear.fromPayload(payloadOf(old), Order.class, Order.class);

    assertThat(read.login()).isEmpty();
    assertThat(read.notes()).isEmpty();
  }

  @Test
  void countsComponentsOnly() {
    assertThat(json(new Listing("192.0.2.1"))).isEqualTo("{\"address\":\"192.0.2.1\"}");
  }

  @Test
  void hidesCanariesInArgumentsFromEndToEnd() {
    var bytes = converter.toPayload(ORDER).orElseThrow().toByteArray();

    assertHides(bytes);
    assertThat(CodecKeysSamples.text(clear.toPayload(ORDER).orElseThrow().toByteArray()))
        .as("the check can fail")
        .contains("canary");
  }

  @Test
  void hidesMessageStackAndDetailsOfFailuresAndTheirCauses() {
    var cause = new IllegalStateException("canary-in-cause");
    var failure =
        ApplicationFailure.newFailureWithCause(
            "canary-in-message", "STEP_FAILED", cause, "canary-in-details");

    var stored = converter.exceptionToFailure(failure);
    var read = converter.failureToException(stored);

    assertHides(stored.toByteArray());
    assertThat(CodecKeysSamples.text(stored.toByteArray()))
        .as("neither message nor stack")
        .doesNotContain("PenguinDataConverterTest");
    assertThat(read).isInstanceOf(ApplicationFailure.class);
    assertThat(read).hasMessageContaining("canary-in-message");
    assertThat(read.getCause()).hasMessageContaining("canary-in-cause");
    assertThat(((ApplicationFailure) read).getType()).isEqualTo("STEP_FAILED");
    assertThat(((ApplicationFailure) read).getDetails().get(String.class))
        .isEqualTo("canary-in-details");
    assertThat(read.getStackTrace()).isNotEmpty();
    assertThat(CodecKeysSamples.text(clear.exceptionToFailure(failure).toByteArray()))
        .as("the check can fail")
        .contains("canary-in-message", "PenguinDataConverterTest");
  }

  private <T> T roundTrip(T value, Class<T> type) {
    return converter.fromPayload(converter.toPayload(value).orElseThrow(), type, type);
  }

  private String json(Object value) {
    return clear.toPayload(value).orElseThrow().getData().toStringUtf8();
  }

  private static Payload payloadOf(String json) {
    return Payload.newBuilder()
        .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
        .setData(ByteString.copyFromUtf8(json))
        .build();
  }

  private static void assertHides(byte[] bytes) {
    assertThat(CodecKeysSamples.text(bytes)).doesNotContain("canary");
  }

  record Order(
      ServerId server,
      DomainName domain,
      Optional<SecretRef> login,
      Instant since,
      Duration patience,
      List<String> notes,
      Answer answer) {}

  record Listing(String address) {
    public boolean isListed() {
      return true;
    }

    public String getSummary() {
      return "never data";
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Answer.Bought.class, name = "bought"),
    @JsonSubTypes.Type(value = Answer.Unclear.class, name = "unclear")
  })
  sealed interface Answer {
    record Bought(String by) implements Answer {}

    record Unclear() implements Answer {}
  }
}
