package com.penguinmails.ports.acme;

import com.penguinmails.ports.secret.Pem;
import com.penguinmails.workflows.model.DomainName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// Makes and reads keys of accounts and certificates, signing requests, and the self-signed
/// certificate a host speaks TLS with until its real one is there.
public final class CertificateKeys {
  private static final String CURVE = "secp256r1";
  private static final X9ECParameters P256 = CustomNamedCurves.getByName(CURVE);
  private static final String PRIVATE_KEY = "PRIVATE KEY";
  private static final int SERIAL_BITS = 64;

  private CertificateKeys() {}

  /// A new EC P-256 private key as PKCS#8 PEM.
  public static String generate() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      return Pem.encode(PRIVATE_KEY, generator.generateKeyPair().getPrivate().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no P-256", e);
    }
  }

  /// The key pair of a private key: EC P-256 or RSA, PKCS#8 PEM.
  ///
  /// @throws IllegalArgumentException neither
  public static KeyPair read(String privateKeyPem) {
    var specification = new PKCS8EncodedKeySpec(Pem.decode(PRIVATE_KEY, privateKeyPem));
    for (var algorithm : List.of("EC", "RSA")) {
      try {
        var key = KeyFactory.getInstance(algorithm).generatePrivate(specification);
        return new KeyPair(publicOf(key), key);
      } catch (GeneralSecurityException e) {
        // Not this algorithm: the next.
      } catch (IOException e) {
        throw new IllegalArgumentException("public key not derived", e);
      }
    }
    throw new IllegalArgumentException("neither an EC P-256 nor an RSA key in PKCS#8");
  }

  /// A PKCS#10 request in DER that asks for the names as SAN. The subject stays empty: the common
  /// name is obsolete, and longer names than 64 characters would not fit into it.
  public static byte[] signingRequest(KeyPair key, List<DomainName> names) {
    try {
      var extensions = new ExtensionsGenerator();
      extensions.addExtension(Extension.subjectAlternativeName, false, alternativeNames(names));
      return new JcaPKCS10CertificationRequestBuilder(new X500Name(""), key.getPublic())
          .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
          .build(signer(key))
          .getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("signing request not made", e);
    }
  }

  /// A certificate the key signs itself, valid from an hour before `now`, since hosts' clocks
  /// differ.
  ///
  /// @return PEM
  public static String selfSigned(
      String privateKeyPem, List<DomainName> names, Instant now, Duration validity) {
    var key = read(privateKeyPem);
    var name = new X500Name("CN=not yet certified");
    try {
      var certificate =
          new JcaX509v3CertificateBuilder(
                  name,
                  new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS),
                  Date.from(now.minus(Duration.ofHours(1))),
                  Date.from(now.plus(validity)),
                  name,
                  key.getPublic())
              .addExtension(Extension.subjectAlternativeName, false, alternativeNames(names))
              .build(signer(key));
      return Pem.encode("CERTIFICATE", certificate.getEncoded());
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("self-signed certificate not made", e);
    }
  }

  /// The certificates of a PEM chain, in their order.
  ///
  /// @throws IllegalArgumentException no certificate can be read from it
  public static List<X509Certificate> chain(String pem) {
    try {
      var chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw new IllegalArgumentException("no certificate in the chain");
      }
      return chain;
    } catch (CertificateException e) {
      throw new IllegalArgumentException("not a PEM chain of certificates", e);
    }
  }

  private static GeneralNames alternativeNames(List<DomainName> names) {
    return new GeneralNames(
        names.stream()
            .map(name -> new GeneralName(GeneralName.dNSName, name.value()))
            .toArray(GeneralName[]::new));
  }

  private static ContentSigner signer(KeyPair key) throws OperatorCreationException {
    var algorithm = key.getPrivate() instanceof ECPrivateKey ? "SHA256withECDSA" : "SHA256withRSA";
    return new JcaContentSignerBuilder(algorithm).build(key.getPrivate());
  }

  // PKCS#8 need not hold the public key, and Java's does not.
  private static PublicKey publicOf(PrivateKey key) throws GeneralSecurityException, IOException {
    return switch (key) {
      case RSAPrivateCrtKey rsa ->
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
      case ECPrivateKey ec when ec.getParams().getOrder().equals(P256.getN()) -> {
        var point = P256.getG().multiply(ec.getS()).normalize().getEncoded(false);
        var info =
            new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(
                    X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1),
                point);
        yield KeyFactory.getInstance("EC")
            .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
      }
      default -> throw new IllegalArgumentException("neither an EC P-256 nor an RSA key");
    };
  }
}
