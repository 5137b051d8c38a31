package com.penguinmails.ports.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;

/// An Ed25519 key pair for a login or a host, made by us. `toString` never shows the private key.
///
/// @param privateKeyPem OpenSSH's own format: the sshd of Debian 12 reads no Ed25519 key in PKCS#8
/// @param publicKeyLine as in `authorized_keys`: type, key, comment
/// @param fingerprint `SHA256:…`, as `ssh-keygen -lf` prints it
public record SshKeyPair(String privateKeyPem, String publicKeyLine, String fingerprint) {

  /// Makes a new pair.
  ///
  /// @param comment what the key is for; shown in `authorized_keys`
  public static SshKeyPair generate(String comment) {
    if (!comment.matches("[A-Za-z0-9@._-]{1,80}")) {
      throw new IllegalArgumentException("not a comment for a key: \"" + comment + "\"");
    }
    var privateKey = new Ed25519PrivateKeyParameters(new SecureRandom());
    try {
      var publicBlob = OpenSSHPublicKeyUtil.encodePublicKey(privateKey.generatePublicKey());
      var privateBlob = OpenSSHPrivateKeyUtil.encodePrivateKey(privateKey);
      return new SshKeyPair(
          "-----BEGIN OPENSSH PRIVATE KEY-----\n"
              + Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(privateBlob)
              + "\n-----END OPENSSH PRIVATE KEY-----\n",
          "ssh-ed25519 " + Base64.getEncoder().encodeToString(publicBlob) + " " + comment,
          fingerprintOf(publicBlob));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The fingerprint of a public key in the encoding of RFC 4253, 6.6.
  public static String fingerprintOf(byte[] publicBlob) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(publicBlob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "SshKeyPair[" + fingerprint + "]";
  }
}
