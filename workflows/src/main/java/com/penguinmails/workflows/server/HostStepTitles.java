package com.penguinmails.workflows.server;

import java.util.Map;

/// What a step on a host is called where tenants read it. A step without a title shows its name.
final class HostStepTitles {
  private static final Map<String, String> TITLES =
      Map.ofEntries(
          Map.entry("identity", "Server: name, hosts file and time zone"),
          Map.entry("packages", "Server: installing the packages"),
          Map.entry("time", "Server: keeping the clock right"),
          Map.entry("swap", "Server: swap for small hosts"),
          Map.entry("kernel", "Server: kernel settings"),
          Map.entry("journal", "Server: limits of the journal"),
          Map.entry("ca-roots", "Server: trusted certificate roots"),
          Map.entry("resolver", "Server: its own DNS resolver"),
          Map.entry("sshd", "Server: hardening SSH"),
          Map.entry("firewall", "Server: firewall"),
          Map.entry("bans", "Server: banning who guesses passwords"),
          Map.entry("updates", "Server: security updates by themselves"),
          Map.entry("opendkim", "Mail: DKIM signing"),
          Map.entry("mta-sts", "Mail: looking up receivers' TLS policies"),
          Map.entry("mailboxes", "Mail: mailboxes and role addresses"),
          Map.entry("tls", "Mail: installing the certificate"),
          Map.entry("dovecot", "Mail: IMAP server"),
          Map.entry("postfix", "Mail: SMTP server"),
          Map.entry("web", "Mail: MTA-STS policy and settings for mail programs"));

  private HostStepTitles() {}

  /// @param step name with its number, such as `090-sshd`
  static String of(String step) {
    var name = step.substring(step.indexOf('-') + 1);
    return TITLES.getOrDefault(name, "Server: " + name.replace('-', ' '));
  }
}
