package com.penguinmails.ports.secret.embedded;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.util.SecretBytes;
import com.penguinmails.ports.secret.KeyFile;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The master keys of the key file as Tink's AES-256-GCM.
final class MasterKeys {
  private final String currentId;
  private final Map<String, Aead> ciphers = new TreeMap<>();

  MasterKeys(KeyFile file) {
    currentId = file.currentId();
    file.keys().forEach((id, key) -> ciphers.put(id, cipher(id, key)));
  }

  String currentId() {
    return currentId;
  }

  Aead current() {
    return find(currentId).orElseThrow();
  }

  Optional<Aead> find(String id) {
    return Optional.ofNullable(ciphers.get(id));
  }

  Set<String> ids() {
    return ciphers.keySet();
  }

  @AccessesPartialKey // the key file is ours, not a Tink keyset
  private static Aead cipher(String id, byte[] key) {
    try {
      return AesGcmJce.create(
          AesGcmKey.builder()
              .setParameters(
                  AesGcmParameters.builder()
                      .setKeySizeBytes(32)
                      .setIvSizeBytes(12)
                      .setTagSizeBytes(16)
                      .setVariant(AesGcmParameters.Variant.NO_PREFIX) // the row names the key
                      .build())
              .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
              .build());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("master key \"" + id + "\" not usable", e);
    }
  }
}
