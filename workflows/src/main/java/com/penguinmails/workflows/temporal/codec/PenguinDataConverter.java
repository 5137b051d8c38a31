package com.penguinmails.workflows.temporal.codec;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The one data converter of workers, clients, replay tests and the codec endpoint: records as
/// JSON, encrypted, the messages and stack traces of failures included.
///
/// The JSON rules are written out here and not taken from defaults, because histories outlive
/// library versions.
public final class PenguinDataConverter {
  private PenguinDataConverter() {}

  /// The converter for everything that talks to Temporal.
  public static DataConverter with(CodecKeys keys) {
    return new CodecDataConverter(clear(), List.of(new AesGcmPayloadCodec(keys)), true);
  }

  /// The same JSON rules without encryption: for tests that look at what would be encrypted.
  public static DataConverter clear() {
    return DefaultDataConverter.newDefaultInstance()
        .withPayloadConverterOverrides(new JacksonJsonPayloadConverter(json()));
  }

  /// The JSON rules of histories. Instants and durations are ISO 8601; unknown properties are
  /// passed over and missing `Optional`s and collections are empty, so that records may grow; only
  /// record components count, so that `isListed()` on a record is a method and not data.
  public static ObjectMapper json() {
    var builder =
        JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE);
    for (var collection : List.of(List.class, Set.class, Map.class)) {
      builder.withConfigOverride(
          collection, rule -> rule.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)));
    }
    return builder.build();
  }
}
