package com.penguinmails.sandbox.acme;

import com.penguinmails.ports.acme.CertificateKeys;
import com.penguinmails.ports.secret.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// The certificate that endpoints of the sandbox show on loopback. Made anew for each sandbox and
/// trusted by nobody but those who are given it.
///
/// @param certificatePem its own root
/// @param keyPem PKCS#8
public record LoopbackIdentity(String certificatePem, String keyPem) {
  private static final Duration VALIDITY = Duration.ofDays(30);
  private static final char[] IN_MEMORY = "in memory only".toCharArray();

  public static LoopbackIdentity generate() {
    var keyPem = CertificateKeys.generate();
    var key = CertificateKeys.read(keyPem);
    var name = new X500Name("CN=penguin sandbox endpoint");
    var now = Instant.now();
    try {
      var certificate =
          new JcaX509v3CertificateBuilder(
                  name,
                  new BigInteger(64, new SecureRandom()),
                  Date.from(now.minus(Duration.ofHours(1))),
                  Date.from(now.plus(VALIDITY)),
                  name,
                  key.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
              .addExtension(
                  Extension.subjectAlternativeName,
                  false,
                  new GeneralNames(
                      new GeneralName[] {
                        new GeneralName(GeneralName.dNSName, "localhost"),
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                      }))
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()));
      return new LoopbackIdentity(Pem.encode("CERTIFICATE", certificate.getEncoded()), keyPem);
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("certificate of an endpoint not made", e);
    }
  }

  /// For servers that show this identity and clients that trust it alone.
  public SSLContext context() {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      char @Nullable [] noPassword = null;
      store.load(null, noPassword);
      var certificate = CertificateKeys.chain(certificatePem).getFirst();
      store.setCertificateEntry("trusted", certificate);
      store.setKeyEntry(
          "own",
          CertificateKeys.read(keyPem).getPrivate(),
          IN_MEMORY,
          new Certificate[] {certificate});
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, IN_MEMORY);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("TLS of an endpoint not set up", e);
    }
  }

  @Override
  public String toString() {
    return "LoopbackIdentity";
  }
}
