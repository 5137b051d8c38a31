package com.penguinmails.sandbox.host.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What sshd makes of its files: `sshd_config.d` comes first, and the first value read wins
/// (sshd_config(5)).
///
/// @param values by name in small letters
/// @param hostKeys files; those named in the configuration replace the default
public record SshdSettings(Map<String, String> values, List<String> hostKeys) {
  private static final String DROP_INS = "/etc/ssh/sshd_config.d";
  private static final List<String> DEFAULT_KEYS = List.of("/etc/ssh/ssh_host_ed25519_key");

  public SshdSettings {
    values = Map.copyOf(values);
    hostKeys = List.copyOf(hostKeys);
  }

  /// As `sshd -T` would say it now.
  public static SshdSettings read(Disk disk) {
    var values = new TreeMap<String, String>();
    var keys = new ArrayList<String>();
    var files = new ArrayList<>(disk.in(DROP_INS));
    files.removeIf(path -> !path.endsWith(".conf"));
    files.add("/etc/ssh/sshd_config");
    for (var file : files) {
      for (var line : disk.textOrEmpty(file).lines().toList()) {
        var words = line.strip().split("\\s+", 2);
        if (words.length < 2 || words[0].startsWith("#")) {
          continue;
        }
        if (words[0].equalsIgnoreCase("HostKey")) {
          keys.add(words[1]);
        }
        values.putIfAbsent(words[0].toLowerCase(Locale.ROOT), words[1]);
      }
    }
    values.putIfAbsent("passwordauthentication", "yes");
    values.putIfAbsent("maxauthtries", "6");
    values.putIfAbsent("x11forwarding", "no");
    values.putIfAbsent("port", "22");
    return new SshdSettings(values, keys.isEmpty() ? DEFAULT_KEYS : keys);
  }

  public boolean takesPasswords() {
    return "yes".equals(values.get("passwordauthentication"));
  }

  /// `AllowUsers` shuts out all others.
  public boolean lets(String user) {
    var allowed = values.get("allowusers");
    return allowed == null || List.of(allowed.split("\\s+")).contains(user);
  }
}
