package com.penguinmails.ports.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.secret.DkimKeys;
import com.penguinmails.workflows.model.DomainName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.Test;

class CertificateKeysTest {
  private static final List<DomainName> NAMES =
      List.of(new DomainName("mail.example.com"), new DomainName("mta-sts.example.com"));

  @Test
  void signsRequestsWithEcAndRsaKeys() throws Exception {
    for (var pem : List.of(CertificateKeys.generate(), DkimKeys.generate().privateKeyPem())) {
      var key = CertificateKeys.read(pem);

      var request = new JcaPKCS10CertificationRequest(CertificateKeys.signingRequest(key, NAMES));

      assertThat(request.getPublicKey()).isEqualTo(key.getPublic());
      assertThat(
              request.isSignatureValid(
                  new JcaContentVerifierProviderBuilder().build(key.getPublic())))
          .isTrue();
      assertThat(request.getRequestedExtensions().toString()).isNotEmpty();
    }
  }

  @Test
  void signsItselfForTheTimeBeforeTheRealOne() throws Exception {
    var pem = CertificateKeys.generate();
    var now = Instant.parse("2026-11-21T00:00:00Z");

    var certificate =
        CertificateKeys.chain(CertificateKeys.selfSigned(pem, NAMES, now, Duration.ofDays(30)))
            .getFirst();

    certificate.verify(CertificateKeys.read(pem).getPublic());
    assertThat(
            certificate.getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1))))
        .containsExactly("mail.example.com", "mta-sts.example.com");
    assertThat(certificate.getNotBefore()).isBefore(now);
    assertThat(certificate.getNotAfter()).isEqualTo(now.plus(Duration.ofDays(30)));
  }

  @Test
  void refusesWhatIsNoKeyWithoutShowingIt() {
    for (var broken :
        List.of("canary", "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n")) {
      assertThatThrownBy(() -> CertificateKeys.read(broken))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("canary");
    }
    assertThatThrownBy(() -> CertificateKeys.chain("canary"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
