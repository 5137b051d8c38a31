package com.penguinmails.workflows.temporal.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// Encrypts whole payloads, their metadata included, with AES-256-GCM. An encrypted payload is
/// `nonce (12 bytes) | ciphertext | tag (16 bytes)`; its metadata names the format and the key.
/// Both are authenticated, so that neither can be exchanged unnoticed.
///
/// The workflow's identity is not bound on purpose: payloads travel between executions (child
/// starts, signals, continue-as-new), and the codec endpoint is not told where one comes from.
///
/// What is already encrypted is not encrypted again. What was never encrypted, as a signal sent
/// with the command line, is read as it is.
public final class AesGcmPayloadCodec implements PayloadCodec {
  /// The value of the payload's `encoding` once encrypted. Stored in histories: never change it.
  public static final String ENCODING = "binary/penguin-aes-gcm-v1";

  /// The metadata entry that names the key.
  public static final String KEY_ID = "key-id";

  private static final String ENCODING_KEY = "encoding";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private static final String WHAT_HELPS =
      "Staff must put the old key back into the codec key file; when it is lost: docs/operating.md, \"Loss of keys\"";

  private final CodecKeys keys;
  private final SecureRandom random = new SecureRandom();

  public AesGcmPayloadCodec(CodecKeys keys) {
    this.keys = keys;
  }

  @Override
  public List<Payload> encode(List<Payload> payloads) {
    return payloads.stream().map(this::encrypt).toList();
  }

  @Override
  public List<Payload> decode(List<Payload> payloads) {
    return payloads.stream().map(this::decrypt).toList();
  }

  private Payload encrypt(Payload clear) {
    if (isEncrypted(clear)) {
      return clear;
    }
    var keyId = keys.currentId();
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      var cipher = cipher(Cipher.ENCRYPT_MODE, keyOf(keyId), nonce, keyId);
      var sealed = cipher.doFinal(clear.toByteArray());
      return Payload.newBuilder()
          .putMetadata(ENCODING_KEY, ByteString.copyFromUtf8(ENCODING))
          .putMetadata(KEY_ID, ByteString.copyFromUtf8(keyId))
          .setData(ByteString.copyFrom(nonce).concat(ByteString.copyFrom(sealed)))
          .build();
    } catch (GeneralSecurityException e) {
      throw new PayloadCodecException("payload not encrypted with codec key \"" + keyId + "\"", e);
    }
  }

  private Payload decrypt(Payload payload) {
    if (!isEncrypted(payload)) {
      return payload;
    }
    var keyId = payload.getMetadataOrDefault(KEY_ID, ByteString.EMPTY).toStringUtf8();
    var key = keyOf(keyId);
    ByteBuffer data = payload.getData().asReadOnlyByteBuffer();
    if (data.remaining() < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
      throw new PayloadCodecException(
          "encrypted payload of %d bytes is too short to be one".formatted(data.remaining()));
    }
    var nonce = new byte[NONCE_BYTES];
    data.get(nonce);
    var sealed = new byte[data.remaining()];
    data.get(sealed);
    try {
      var clear = cipher(Cipher.DECRYPT_MODE, key, nonce, keyId).doFinal(sealed);
      return Payload.parseFrom(clear);
    } catch (GeneralSecurityException e) {
      throw new PayloadCodecException(
          "payload does not open with codec key \"%s\": altered, or another key bears this id. %s"
              .formatted(keyId, WHAT_HELPS),
          e);
    } catch (InvalidProtocolBufferException e) {
      throw new PayloadCodecException("decrypted payload is not one", e);
    }
  }

  private SecretKey keyOf(String keyId) {
    return keys.find(keyId)
        .orElseThrow(() ->
            new PayloadCodecException(
                "payload was encrypted with codec key \"%s\", which this process lacks; it has %s. %s"
                    .formatted(keyId, keys.ids(), WHAT_HELPS)));
  }

  private static boolean isEncrypted(Payload payload) {
    return payload
        .getMetadataOrDefault(ENCODING_KEY, ByteString.EMPTY)
        .equals(ByteString.copyFromUtf8(ENCODING));
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String keyId)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((ENCODING + "\n" + keyId).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
