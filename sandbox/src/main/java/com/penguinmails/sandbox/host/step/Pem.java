package com.penguinmails.sandbox.host.step;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// Keys and certificates as openssl would judge them.
final class Pem {
  private static final int DNS_NAME = 2; // RFC 5280, 4.2.1.6

  private Pem() {}

  static boolean isKey(String pem) {
    return key(pem).isPresent();
  }

  private static Optional<PrivateKey> key(String pem) {
    try (var parser = new PEMParser(new StringReader(pem))) {
      var converter = new JcaPEMKeyConverter();
      return switch (parser.readObject()) {
        case PrivateKeyInfo info -> Optional.of(converter.getPrivateKey(info));
        case PEMKeyPair pair -> Optional.of(converter.getPrivateKey(pair.getPrivateKeyInfo()));
        case null, default -> Optional.empty();
      };
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// The first certificate of a chain.
  static Optional<X509Certificate> leaf(String chain) {
    try {
      return Optional.of(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(chain.getBytes(StandardCharsets.UTF_8))));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /// Whether what one signs the other takes.
  static boolean belongTogether(String keyPem, X509Certificate certificate) {
    var key = key(keyPem);
    if (key.isEmpty()) {
      return false;
    }
    var kind =
        switch (certificate.getPublicKey().getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case String other -> other;
        };
    var text = "penguin".getBytes(StandardCharsets.UTF_8);
    try {
      var signing = Signature.getInstance(kind);
      signing.initSign(key.get());
      signing.update(text);
      var verifying = Signature.getInstance(kind);
      verifying.initVerify(certificate.getPublicKey());
      verifying.update(text);
      return verifying.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static boolean isFor(X509Certificate certificate, String hostname) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      return names != null
          && names.stream()
              .filter(name -> name.get(0).equals(DNS_NAME))
              .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
              .anyMatch(name ->
                  name.equals(hostname)
                      || (name.startsWith("*.")
                          && name.substring(1).equals(hostname.substring(hostname.indexOf('.')))));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
