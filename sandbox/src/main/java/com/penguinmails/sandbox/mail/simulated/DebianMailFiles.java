package com.penguinmails.sandbox.mail.simulated;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Addresses;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Certificate;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.DkimKey;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Habits;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Login;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Signing;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads from the files on a host what its mail server is: those of the stack `debian`, where they
/// lie there. What is missing is not there: a server without files serves nothing.
public final class DebianMailFiles {
  private static final String USERS = "/etc/dovecot/penguin/users";
  private static final Map<Service, String> IN_MASTER =
      Map.of(
          Service.SMTP, "smtp",
          Service.SUBMISSION, "submission",
          Service.SUBMISSIONS, "submissions");
  private static final Pattern HIDDEN = Pattern.compile("/\\^([A-Za-z-]+):/ IGNORE");
  private static final DomainName NAMELESS = new DomainName("localhost.localdomain");

  private final Function<String, Optional<byte[]>> files;
  private final Set<String> units;
  private final PostfixSettings postfix;

  private DebianMailFiles(Function<String, Optional<byte[]>> files, Set<String> units) {
    this.files = files;
    this.units = units;
    this.postfix =
        new PostfixSettings(text("/etc/postfix/main.cf"), text("/etc/postfix/master.cf"));
  }

  /// @param address of the host
  /// @param files the content of a path, empty when there is no such file
  /// @param activeUnits as `systemctl` lists them, with or without `.service`: those asked for are
  ///   `postfix` or `postfix@-`, `dovecot` and `opendkim`
  public static MailConfiguration read(
      IpAddress address, Function<String, Optional<byte[]>> files, Set<String> activeUnits) {
    var units =
        activeUnits.stream()
            .map(unit -> unit.replaceFirst("\\.service$", ""))
            .collect(toUnmodifiableSet());
    return new DebianMailFiles(files, units).configuration(address);
  }

  private MailConfiguration configuration(IpAddress address) {
    return new MailConfiguration(
        hostname(),
        address,
        postfix.find("smtpd_banner").orElse(hostname() + " ESMTP Postfix"),
        services(),
        certificates(),
        postfix.list(postfix.find("mynetworks")),
        addresses(),
        signing(),
        habits());
  }

  private DomainName hostname() {
    return postfix
        .find("myhostname")
        .or(() -> setting("login_greeting").map(greeting -> greeting.split(" ", 2)[0]))
        .map(name -> new DomainName(name.toLowerCase(Locale.ROOT)))
        .orElse(NAMELESS);
  }

  /// Without Dovecot nobody can log in: Postfix' submission services then end at once.
  private Set<Service> services() {
    var running = EnumSet.noneOf(Service.class);
    var dovecot = units.contains("dovecot") && !text("/etc/dovecot/dovecot.conf").isEmpty();
    if (dovecot) {
      running.add(Service.IMAPS);
    }
    if (units.contains("postfix") || units.contains("postfix@-")) {
      IN_MASTER.forEach((service, name) -> {
        if (postfix.listens(name) && (dovecot || service == Service.SMTP)) {
          running.add(service);
        }
      });
    }
    return running;
  }

  private Map<Service, Certificate> certificates() {
    var found = new EnumMap<Service, Certificate>(Service.class);
    IN_MASTER.forEach((service, name) -> {
      var paths = postfix.list(postfix.find(name, "smtpd_tls_chain_files"));
      if (paths.size() == 2) { // the key, then the chain
        certificate(paths.getFirst(), paths.getLast())
            .ifPresent(certificate -> found.put(service, certificate));
      }
    });
    var chain = setting("ssl_cert");
    var key = setting("ssl_key");
    if (chain.isPresent() && key.isPresent()) {
      certificate(key.get().substring(1), chain.get().substring(1)) // after the <
          .ifPresent(certificate -> found.put(Service.IMAPS, certificate));
    }
    return found;
  }

  private Optional<Certificate> certificate(String keyPath, String chainPath) {
    var key = text(keyPath);
    var chain = text(chainPath);
    return key.isEmpty() || chain.isEmpty()
        ? Optional.empty()
        : Optional.of(new Certificate(chain, key));
  }

  private Addresses addresses() {
    var senders = new HashMap<String, Set<String>>();
    map("smtpd_sender_login_maps")
        .forEach(
            (sender, logins) -> senders.put(sender, Set.copyOf(postfix.list(Optional.of(logins)))));
    var logins = new HashMap<String, Login>();
    for (var line : lines(USERS)) {
      var fields = line.split(":", -1);
      if (fields.length > 1 && !fields[1].isEmpty()) {
        var user = fields[0].toLowerCase(Locale.ROOT);
        logins.put(user, new Login(fields[1], user));
      }
    }
    var mailboxes = new HashSet<>(map("virtual_mailbox_maps").keySet());
    mailboxes.addAll(logins.keySet());
    var removed = new HashSet<>(lines("/etc/dovecot/penguin/removed"));
    removed.removeAll(mailboxes); // as the step that takes the mail away has it
    return new Addresses(
        map("virtual_mailbox_domains").keySet(),
        mailboxes,
        map("virtual_alias_maps"),
        senders,
        logins,
        removed);
  }

  private Signing signing() {
    if (postfix.find("smtpd_milters").isEmpty()) {
      return Signing.none();
    }
    var keys = new LinkedHashMap<String, DkimKey>();
    for (var line : lines("/etc/opendkim/KeyTable")) {
      var words = line.split("\\s+", 2);
      var fields = words.length == 2 ? words[1].split(":", 3) : new String[0];
      if (fields.length == 3 && !text(fields[2]).isEmpty()) {
        keys.put(words[0], new DkimKey(fields[0], fields[1], text(fields[2])));
      }
    }
    var rules =
        lines("/etc/opendkim/SigningTable").stream()
            .map(line -> line.split("\\s+", 2))
            .filter(words -> words.length == 2)
            .map(words -> new Signing.Rule(words[0], words[1]))
            .toList();
    return new Signing(
        units.contains("opendkim") ? Signing.State.UP : Signing.State.DOWN, keys, rules);
  }

  private Habits habits() {
    var hidden =
        lines("/etc/postfix/penguin/submission_headers").stream()
            .map(HIDDEN::matcher)
            .filter(Matcher::matches)
            .map(rule -> rule.group(1).toLowerCase(Locale.ROOT))
            .collect(toUnmodifiableSet());
    return new Habits(
        postfix.find("smtpd_tls_received_header").filter("yes"::equals).isPresent(),
        postfix.find("virtual_transport").filter(value -> value.startsWith("lmtp:")).isPresent(),
        hidden,
        postfix.number("message_size_limit", 10_240_000),
        postfix.time("minimal_backoff_time", Duration.ofMinutes(5)),
        postfix.time("maximal_queue_lifetime", Duration.ofDays(5)));
  }

  /// A map of Postfix: key and value on each line.
  private Map<String, String> map(String setting) {
    return postfix.mapFile(setting).stream()
        .flatMap(path -> lines(path).stream())
        .map(line -> line.split("\\s+", 2))
        .collect(
            toMap(
                row -> row[0].toLowerCase(Locale.ROOT),
                row -> row.length == 2 ? row[1].toLowerCase(Locale.ROOT) : "",
                (first, _) -> first));
  }

  /// A top-level setting of Dovecot.
  private Optional<String> setting(String name) {
    return lines("/etc/dovecot/dovecot.conf").stream()
        .filter(line -> line.matches(name + "\\s*=.*"))
        .map(line -> line.substring(line.indexOf('=') + 1).strip())
        .findFirst();
  }

  private List<String> lines(String path) {
    return Arrays.stream(text(path).split("\n", -1))
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  /// Empty for a file that is not there.
  private String text(String path) {
    return files.apply(path).map(octets -> new String(octets, StandardCharsets.UTF_8)).orElse("");
  }
}
