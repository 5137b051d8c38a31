package com.penguinmails.sandbox.host.machine;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Lines of the form `name = value`, as Postfix, sysctl and Dovecot have them outside of blocks.
public final class Settings {
  private static final Pattern LINE = Pattern.compile("(?m)^([a-z][A-Za-z0-9_.-]*) *= *(.*?) *$");

  private Settings() {}

  /// By name; the last one counts.
  public static Map<String, String> of(String text) {
    var settings = new TreeMap<String, String>();
    LINE.matcher(text).results().forEach(line -> settings.put(line.group(1), line.group(2)));
    return settings;
  }
}
