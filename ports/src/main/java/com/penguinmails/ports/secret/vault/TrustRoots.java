package com.penguinmails.ports.secret.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// TLS that believes the certificates of a PEM file and no others.
final class TrustRoots {
  private TrustRoots() {}

  /// @throws IllegalStateException the file cannot be read, or holds no certificate
  static SSLContext read(Path file) {
    try (var pem = Files.newInputStream(file)) {
      var roots = KeyStore.getInstance(KeyStore.getDefaultType());
      roots.load(null, null);
      int number = 0;
      for (var root : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        roots.setCertificateEntry("root-" + number++, root);
      }
      if (number == 0) {
        throw new IllegalStateException(file + " holds no certificate to trust Vault by");
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(roots);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the roots to trust Vault by cannot be read from " + file, e);
    }
  }
}
