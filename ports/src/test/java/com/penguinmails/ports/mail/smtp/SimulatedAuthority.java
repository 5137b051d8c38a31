package com.penguinmails.ports.mail.smtp;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// A certificate authority that signs whatever a test asks for.
final class SimulatedAuthority {
  private static final X500Name NAME = new X500Name("CN=Simulated Authority");

  private final KeyPair keys = ecKeys();
  private final X509Certificate root =
      sign(NAME, keys, NAME, keys, null, Duration.ofDays(-1), Duration.ofDays(30), true);

  String rootPem() {
    var text = new StringWriter();
    try (var pem = new JcaPEMWriter(text)) {
      pem.writeObject(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  SSLContext serverFor(String hostname, Duration until) {
    var own = ecKeys();
    var leaf =
        sign(
            NAME,
            keys,
            new X500Name("CN=" + hostname),
            own,
            hostname,
            Duration.ofDays(-60),
            until,
            false);
    return context(own, leaf, root);
  }

  SSLContext selfSignedServerFor(String hostname) {
    var own = ecKeys();
    var name = new X500Name("CN=" + hostname);
    return context(
        own, sign(name, own, name, own, hostname, Duration.ofDays(-1), Duration.ofDays(60), false));
  }

  private static SSLContext context(KeyPair keys, X509Certificate... chain) {
    try {
      var store = KeyStore.getInstance("JKS"); // PKCS#12 would stretch a password for nothing
      store.load(null, null);
      store.setKeyEntry("server", keys.getPrivate(), new char[0], chain);
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, new char[0]);
      var context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair ecKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate sign(
      X500Name issuer,
      KeyPair issuerKeys,
      X500Name subject,
      KeyPair subjectKeys,
      @Nullable String hostname,
      Duration from,
      Duration until,
      boolean authority) {
    var now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
            Date.from(now.plus(from)),
            Date.from(now.plus(until)),
            subject,
            subjectKeys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (hostname != null) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.dNSName, hostname)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
