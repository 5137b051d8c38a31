package com.penguinmails.sandbox.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.acme.CertificateKeys;
import com.penguinmails.ports.host.SshKeyPair;
import com.penguinmails.ports.secret.DkimKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The search finds what it must, whatever it was made into, and is silent about public halves.
class SecretSearchTest {
  static List<String> secrets() {
    return List.of(
        "abcdef-GHJKMN-pqrstu-234567",
        Base64.getEncoder().encodeToString(random(32)),
        HexFormat.of().formatHex(random(20)),
        DkimKeys.generate().privateKeyPem(),
        CertificateKeys.generate(),
        SshKeyPair.generate("tenant").privateKeyPem());
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void findsASecretInEveryWriting(String value) {
    var search = new SecretSearch(List.of(Secret.of("it", value)));
    var bytes = value.getBytes(StandardCharsets.UTF_8);

    for (int before : List.of(40, 41, 42)) {
      var among = join(random(before), bytes, random(50));
      assertThat(search.in(among)).containsExactly("it");
      assertThat(search.in(Base64.getEncoder().encodeToString(among))).containsExactly("it");
      assertThat(search.in(Base64.getMimeEncoder().encodeToString(among))).containsExactly("it");
      assertThat(search.in(Base64.getUrlEncoder().encodeToString(among))).containsExactly("it");
      assertThat(search.in(HexFormat.of().formatHex(among))).containsExactly("it");
      assertThat(search.in(HexFormat.of().withUpperCase().formatHex(among))).containsExactly("it");
    }
    assertThat(search.in("{\"key\":\"" + value.replace("\n", "\\n") + "\"}")).containsExactly("it");
    assertThat(search.in(value.replace("\n", "\n    "))).containsExactly("it");
  }

  static List<String> keys() {
    return secrets().stream().filter(value -> value.startsWith("-----")).toList();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void findsTheBytesOfAKey(String value) {
    var search = new SecretSearch(List.of(Secret.of("it", value)));
    var body = String.join("", value.lines().filter(line -> !line.startsWith("-----")).toList());
    var der = Base64.getDecoder().decode(body);

    assertThat(search.in(join(random(7), der))).containsExactly("it");
    assertThat(search.in(HexFormat.of().formatHex(der))).containsExactly("it");
    assertThat(search.in(body)).containsExactly("it");
  }

  @Test
  void isSilentAboutPublicHalvesAndNoise() {
    var dkim = DkimKeys.generate();
    var ssh = SshKeyPair.generate("tenant");
    var search =
        new SecretSearch(
            List.of(
                Secret.of("dkim", dkim.privateKeyPem()), Secret.of("ssh", ssh.privateKeyPem())));

    assertThat(search.in(dkim.publicKey())).isEmpty();
    assertThat(search.in(Base64.getDecoder().decode(dkim.publicKey()))).isEmpty();
    assertThat(search.in(ssh.publicKeyLine() + ssh.fingerprint())).isEmpty();
    assertThat(search.in(random(1 << 20))).isEmpty();
  }

  @Test
  void refusesWhatItCouldNotRecognise() {
    assertThatThrownBy(() -> Secret.of("short", "postgres"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
