package com.penguinmails.ports.mail.smtp;

import java.util.regex.Pattern;

/// Makes what a foreign machine said fit to be shown: one short line without addresses.
final class Evidence {
  private static final int MAX_LENGTH = 240;
  private static final Pattern ADDRESS = Pattern.compile("\\S*@\\S*");
  private static final Pattern ANGLES = Pattern.compile("<[^>]*>");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]+");

  private Evidence() {}

  static String clean(String said) {
    var line = UNPRINTABLE.matcher(said).replaceAll(" ");
    line = ANGLES.matcher(line).replaceAll("(address)");
    line = ADDRESS.matcher(line).replaceAll("(address)").strip();
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
  }
}
