package com.penguinmails.ports.secret;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

/// An RSA-2048 key pair for DKIM. RSA and not Ed25519, because not every receiver verifies the
/// latter; 2048 bits, because shorter ones are distrusted (RFC 8301, 3.2).
///
/// @param privateKeyPem PKCS#8, as OpenDKIM reads it; a secret
/// @param publicKey the value of `p=`: base64 of the DER SubjectPublicKeyInfo (RFC 6376, 3.6.1)
public record DkimKeys(String privateKeyPem, String publicKey) {
  private static final int BITS = 2048;

  /// Makes a new pair.
  public static DkimKeys generate() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return of((RSAPrivateCrtKey) generator.generateKeyPair().getPrivate());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no RSA", e);
    }
  }

  /// The pair of a kept private key.
  ///
  /// @throws IllegalArgumentException not a PKCS#8 RSA key
  public static DkimKeys of(String privateKeyPem) {
    try {
      var der = Pem.decode("PRIVATE KEY", privateKeyPem);
      var key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
      return of((RSAPrivateCrtKey) key);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a PKCS#8 RSA key", e);
    }
  }

  private static DkimKeys of(RSAPrivateCrtKey key) {
    try {
      var publicKey =
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
      return new DkimKeys(
          Pem.encode("PRIVATE KEY", key.getEncoded()),
          Base64.getEncoder().encodeToString(publicKey.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("public key not derived", e);
    }
  }

  /// The public half only.
  @Override
  public String toString() {
    return "DkimKeys[publicKey=" + publicKey + "]";
  }
}
