package com.penguinmails.workflows.temporal.codec;

import static com.penguinmails.workflows.temporal.codec.CodecKeysSamples.bytes;
import static com.penguinmails.workflows.temporal.codec.CodecKeysSamples.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodecException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AesGcmPayloadCodecTest {
  private static final Payload CLEAR =
      Payload.newBuilder()
          .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
          .putMetadata("messageType", ByteString.copyFromUtf8("canary-in-metadata"))
          .setData(ByteString.copyFromUtf8("\"canary-in-data\""))
          .build();

  private final AesGcmPayloadCodec codec = new AesGcmPayloadCodec(only("k1", 1));

  @Test
  void givesBackWhatItTook() {
    var decoded = codec.decode(codec.encode(List.of(CLEAR, Payload.getDefaultInstance())));

    assertThat(decoded).containsExactly(CLEAR, Payload.getDefaultInstance());
  }

  @Test
  void showsNothingOfThePayloadButItsKey() {
    var encrypted = encrypt(codec);

    assertThat(CodecKeysSamples.text(encrypted.toByteArray()))
        .doesNotContain("canary", "json/plain");
    assertThat(encrypted.getMetadataMap())
        .containsOnly(
            Map.entry("encoding", ByteString.copyFromUtf8(AesGcmPayloadCodec.ENCODING)),
            Map.entry(AesGcmPayloadCodec.KEY_ID, ByteString.copyFromUtf8("k1")));
  }

  @Test
  void encryptsTheSamePayloadDifferentlyEachTime() {
    assertThat(encrypt(codec).getData()).isNotEqualTo(encrypt(codec).getData());
  }

  @Test
  void readsOldPayloadsAfterARotationAndWritesWithTheNewKey() {
    var old = encrypt(codec);
    var rotated =
        new AesGcmPayloadCodec(CodecKeys.of("k2", Map.of("k1", bytes(1), "k2", bytes(2))));

    assertThat(rotated.decode(List.of(old))).containsExactly(CLEAR);
    assertThat(encrypt(rotated).getMetadataOrThrow(AesGcmPayloadCodec.KEY_ID).toStringUtf8())
        .isEqualTo("k2");
  }

  @Test
  void namesTheKeyItLacksAndTheKeysItHas() {
    var encrypted = encrypt(new AesGcmPayloadCodec(only("gone", 9)));

    assertThatThrownBy(() -> codec.decode(List.of(encrypted)))
        .isInstanceOf(PayloadCodecException.class)
        .hasMessageContaining("\"gone\"")
        .hasMessageContaining("[k1]");
  }

  @Test
  void doesNotEncryptTwice() {
    var once = encrypt(codec);

    assertThat(codec.encode(List.of(once))).containsExactly(once);
  }

  @Test
  void readsWhatWasNeverEncryptedAsItIs() {
    assertThat(codec.decode(List.of(CLEAR))).containsExactly(CLEAR);
  }

  @Test
  void refusesAnAlteredPayload() {
    var encrypted = encrypt(codec);
    var data = encrypted.getData().toByteArray();
    data[data.length - 1] ^= 1;

    assertDoesNotOpen(codec, encrypted.toBuilder().setData(ByteString.copyFrom(data)).build());
  }

  @Test
  void refusesAPayloadUnderAnotherKeysName() {
    var sameKeyTwice =
        new AesGcmPayloadCodec(CodecKeys.of("k1", Map.of("k1", bytes(1), "k2", bytes(1))));
    var renamed =
        encrypt(codec).toBuilder()
            .putMetadata(AesGcmPayloadCodec.KEY_ID, ByteString.copyFromUtf8("k2"))
            .build();

    assertDoesNotOpen(sameKeyTwice, renamed);
  }

  @Test
  void refusesAPayloadTooShortToBeOne() {
    var cut = encrypt(codec).toBuilder().setData(ByteString.copyFromUtf8("short")).build();

    assertThatThrownBy(() -> codec.decode(List.of(cut)))
        .isInstanceOf(PayloadCodecException.class)
        .hasMessageContaining("5 bytes");
  }

  @Test
  void takesOnlyKeysOfTheRightLength() {
    assertThatThrownBy(() -> CodecKeys.of("k1", Map.of("k1", new byte[16])))
        .hasMessageContaining("16 bytes");
    assertThatThrownBy(() -> CodecKeys.of("k2", Map.of("k1", bytes(1))))
        .hasMessageContaining("\"k2\"");
  }

  private static Payload encrypt(AesGcmPayloadCodec codec) {
    return codec.encode(List.of(CLEAR)).getFirst();
  }

  private static void assertDoesNotOpen(AesGcmPayloadCodec codec, Payload payload) {
    assertThatThrownBy(() -> codec.decode(List.of(payload)))
        .isInstanceOf(PayloadCodecException.class)
        .hasMessageContaining("does not open");
  }
}
