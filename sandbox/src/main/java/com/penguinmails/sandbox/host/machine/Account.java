package com.penguinmails.sandbox.host.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/// A user of the machine. The group of the same name comes with it.
///
/// @param password salt and hash; empty: none fits
public record Account(String home, String password, Sudo sudo) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /// What the owner of the machine lets a user do as root.
  public enum Sudo {
    /// Nothing but what a file of rules says.
    NONE,
    /// All, with the user's password.
    WITH_PASSWORD,
    /// All, without being asked.
    FREE
  }

  /// A user of a program: nobody logs in.
  public static Account ofProgram(String home) {
    return new Account(home, "", Sudo.NONE);
  }

  public static Account withPassword(String home, String password, Sudo sudo) {
    var salt = new byte[8];
    RANDOM.nextBytes(salt);
    return new Account(home, hash(HexFormat.of().formatHex(salt), password), sudo);
  }

  public boolean fits(String given) {
    int end = password.indexOf(':');
    return end > 0
        && MessageDigest.isEqual(
            password.getBytes(UTF_8), hash(password.substring(0, end), given).getBytes(UTF_8));
  }

  private static String hash(String salt, String password) {
    return salt + ":" + Hashes.of(salt + password);
  }

  @Override
  public String toString() {
    return "Account[" + home + ", " + sudo + "]";
  }
}
