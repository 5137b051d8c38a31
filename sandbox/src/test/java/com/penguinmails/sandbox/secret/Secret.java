package com.penguinmails.sandbox.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Something that must not be read by others, in the forms it has of its own: the bytes of a key
/// and the text they were written as.
///
/// @param forms each at least [SecretSearch#SHORTEST] bytes
record Secret(String name, List<byte[]> forms) {
  private static final byte[] OPENSSH = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
  private static final int ED25519 = 32; // bytes of a seed, and of a public key

  Secret {
    forms = List.copyOf(forms);
    for (var form : forms) {
      if (form.length < SecretSearch.SHORTEST) {
        throw new IllegalArgumentException(name + " is too short to be recognised");
      }
    }
  }

  /// A password, a token, or a key in PEM or base64.
  static Secret of(String name, String value) {
    if (value.startsWith("-----BEGIN")) {
      return new Secret(name, pem(value));
    }
    var forms = new ArrayList<byte[]>();
    forms.add(value.getBytes(StandardCharsets.UTF_8));
    if (value.matches("[A-Za-z0-9+/]{40,}={0,2}") && value.length() % 4 == 0) {
      forms.add(Base64.getDecoder().decode(value));
    }
    return new Secret(name, forms);
  }

  static Secret of(String name, byte[] key) {
    return new Secret(name, List.of(key));
  }

  @Override
  public String toString() {
    return name;
  }

  /// The private part alone: a public key is no secret, and stands in the same file.
  private static List<byte[]> pem(String text) {
    var lines = text.lines().filter(line -> !line.startsWith("-----")).toList();
    var der = Base64.getMimeDecoder().decode(String.join("", lines));
    var range = privateRange(der);
    var forms = new ArrayList<byte[]>();
    forms.add(Arrays.copyOfRange(der, range.from(), range.to()));
    int at = 0; // in characters
    for (var line : lines) {
      int from = Math.max(0, (range.from() + 2) / 3 * 4 - at);
      int to = Math.min(line.length(), range.to() / 3 * 4 - at);
      if (to - from >= SecretSearch.SHORTEST) {
        forms.add(line.substring(from, to).getBytes(StandardCharsets.US_ASCII));
      }
      at += line.length();
    }
    return forms;
  }

  private record Range(int from, int to) {}

  private static Range privateRange(byte[] der) {
    if (Arrays.equals(der, 0, OPENSSH.length, OPENSSH, 0, OPENSSH.length)) {
      return ed25519(der);
    }
    try {
      var spec = new PKCS8EncodedKeySpec(der);
      try {
        var rsa = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(spec);
        return new Range(indexOf(der, rsa.getPrivateExponent().toByteArray()), der.length);
      } catch (GeneralSecurityException notRsa) {
        var ec = (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(spec);
        var number = ec.getS().toByteArray();
        var digits = number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
        int from = indexOf(der, digits);
        return new Range(from, from + digits.length);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("neither RSA nor EC", e);
    }
  }

  /// OpenSSH's PROTOCOL.key: the public key comes twice more; right before the last one is the
  /// seed.
  private static Range ed25519(byte[] der) {
    var type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
    int publicAt = indexOf(der, type) + type.length + Integer.BYTES;
    var publicKey = Arrays.copyOfRange(der, publicAt, publicAt + ED25519);
    int last = publicAt;
    for (int i = publicAt + 1; i + ED25519 <= der.length; i++) {
      if (Arrays.equals(der, i, i + ED25519, publicKey, 0, ED25519)) {
        last = i;
      }
    }
    return new Range(last - ED25519, last);
  }

  private static int indexOf(byte[] all, byte[] part) {
    for (int i = 0; i + part.length <= all.length; i++) {
      if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new IllegalArgumentException("the key does not contain its private part");
  }
}
