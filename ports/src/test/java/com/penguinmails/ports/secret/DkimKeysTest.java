package com.penguinmails.ports.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class DkimKeysTest {
  @Test
  void makesA2048BitPairThatBelongsTogether() throws Exception {
    var keys = DkimKeys.generate();

    var factory = KeyFactory.getInstance("RSA");
    var publicKey =
        factory.generatePublic(
            new X509EncodedKeySpec(Base64.getDecoder().decode(keys.publicKey())));
    var signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(
        factory.generatePrivate(
            new PKCS8EncodedKeySpec(Pem.decode("PRIVATE KEY", keys.privateKeyPem()))));
    signature.update("mail".getBytes(StandardCharsets.US_ASCII));
    var signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update("mail".getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(signed)).isTrue();
    assertThat(((RSAPublicKey) publicKey).getModulus().bitLength()).isEqualTo(2048);
  }

  @Test
  void findsThePublicHalfOfAKeptKey() {
    var keys = DkimKeys.generate();

    assertThat(DkimKeys.of(keys.privateKeyPem())).isEqualTo(keys);
    assertThatThrownBy(() -> DkimKeys.of("canary")).hasMessageNotContaining("canary");
  }

  @Test
  void hidesThePrivateHalf() {
    assertThat(DkimKeys.generate().toString()).doesNotContain("PRIVATE");
  }
}
