package com.penguinmails.sandbox.mail.simulated;

import static java.util.stream.Collectors.toUnmodifiableMap;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a simulated mail server is told about itself: what on a host stands in the files of
/// Postfix, Dovecot and OpenDKIM. All it answers follows from this, from what it keeps, and from
/// the fault it is given. Addresses and names are in lower case.
///
/// @param banner what it greets with, after the 220
/// @param services those whose program runs
/// @param certificates by service; one that begins with TLS stays closed without
/// @param trustedNetworks CIDRs whose clients may send anywhere without a login
public record MailConfiguration(
    DomainName hostname,
    IpAddress address,
    String banner,
    Set<Service> services,
    Map<Service, Certificate> certificates,
    List<String> trustedNetworks,
    Addresses addresses,
    Signing signing,
    Habits habits) {

  public MailConfiguration {
    services = Set.copyOf(services);
    certificates = Map.copyOf(certificates);
    trustedNetworks = List.copyOf(trustedNetworks);
  }

  /// The same server, but patient or impatient with receivers that put it off.
  public MailConfiguration withRetryAfter(Duration retryAfter) {
    var now = habits;
    return new MailConfiguration(
        hostname,
        address,
        banner,
        services,
        certificates,
        trustedNetworks,
        addresses,
        signing,
        new Habits(
            now.notesTls(),
            now.deliversByLmtp(),
            now.hiddenHeaders(),
            now.maxMessageOctets(),
            retryAfter,
            now.givesUpAfter()));
  }

  /// Whether the service can be reached at all.
  boolean serves(Service service) {
    return services.contains(service) && (!service.tlsFirst || certificates.containsKey(service));
  }

  boolean trusts(IpAddress client) {
    return trustedNetworks.stream().anyMatch(network -> Cidr.contains(network, client));
  }

  /// What clients connect to.
  public enum Service {
    /// Mail from other servers; never a login.
    SMTP(25, false),
    /// Mail from our users, after STARTTLS and a login.
    SUBMISSION(587, false),
    /// The same, with TLS from the first octet on (RFC 8314).
    SUBMISSIONS(465, true),
    IMAPS(993, true);

    private final int port;
    private final boolean tlsFirst;

    Service(int port, boolean tlsFirst) {
      this.port = port;
      this.tlsFirst = tlsFirst;
    }

    /// As seen from outside; not the loopback port it listens on.
    public int port() {
      return port;
    }

    boolean tlsFirst() {
      return tlsFirst;
    }

    boolean isSubmission() {
      return this == SUBMISSION || this == SUBMISSIONS;
    }
  }

  /// @param chainPem leaf first
  /// @param keyPem PKCS#8; a secret
  public record Certificate(String chainPem, String keyPem) {
    @Override
    public String toString() {
      return "Certificate[…]";
    }
  }

  /// Which addresses there are, who may log in and who may send as whom.
  ///
  /// @param domains names mail is taken for
  /// @param aliases address → the mailbox its mail goes to
  /// @param senders sender address → logins that may use it
  /// @param removed mailboxes that are gone with their mail
  public record Addresses(
      Set<String> domains,
      Set<String> mailboxes,
      Map<String, String> aliases,
      Map<String, Set<String>> senders,
      Map<String, Login> logins,
      Set<String> removed) {
    public Addresses {
      removed = Set.copyOf(removed);
      domains = Set.copyOf(domains);
      mailboxes = Set.copyOf(mailboxes);
      aliases = Map.copyOf(aliases);
      senders =
          senders.entrySet().stream()
              .collect(toUnmodifiableMap(Map.Entry::getKey, row -> Set.copyOf(row.getValue())));
      logins = Map.copyOf(logins);
    }

    /// Where mail for the address is kept; `+detail` counts only where it is an address of its own.
    Optional<String> mailboxOf(String address) {
      for (var name : List.of(address, withoutDetail(address))) {
        var target = aliases.getOrDefault(name, name);
        if (mailboxes.contains(target)) {
          return Optional.of(target);
        }
      }
      return Optional.empty();
    }

    boolean maySend(String login, String sender) {
      var owners = senders.getOrDefault(sender, senders.get(withoutDetail(sender)));
      return owners != null && owners.contains(login);
    }

    private static String withoutDetail(String address) {
      int plus = address.indexOf('+');
      int at = address.lastIndexOf('@');
      return plus > 0 && plus < at ? address.substring(0, plus) + address.substring(at) : address;
    }
  }

  /// @param hash with its scheme, such as `{ARGON2ID}$argon2id$…`
  /// @param mailbox what the login opens
  public record Login(String hash, String mailbox) {
    @Override
    public String toString() {
      return "Login[" + mailbox + "]";
    }
  }

  /// The signer beside the server.
  ///
  /// @param keys by their name in the rules
  public record Signing(State state, Map<String, DkimKey> keys, List<Rule> rules) {
    public Signing {
      keys = Map.copyOf(keys);
      rules = List.copyOf(rules);
    }

    /// A server that signs nothing and is not told to.
    public static Signing none() {
      return new Signing(State.ABSENT, Map.of(), List.of());
    }

    public enum State {
      ABSENT,
      /// The server is told to have mail signed, and nobody signs: mail is put off.
      DOWN,
      UP
    }

    /// @param author the author's address, in which `*` stands for anything
    public record Rule(String author, String key) {}
  }

  /// @param privateKeyPem PKCS#8, RSA; a secret
  public record DkimKey(String domain, String selector, String privateKeyPem) {
    @Override
    public String toString() {
      return "DkimKey[" + selector + "._domainkey." + domain + "]";
    }
  }

  /// @param notesTls says in its trace line how the mail was encrypted
  /// @param deliversByLmtp mailboxes get their mail through Dovecot, which leaves a line of its own
  /// @param hiddenHeaders fields taken out of submitted mail
  /// @param retryAfter the pause after a receiver put mail off
  /// @param givesUpAfter how long mail may wait before it goes back to its sender
  public record Habits(
      boolean notesTls,
      boolean deliversByLmtp,
      Set<String> hiddenHeaders,
      int maxMessageOctets,
      Duration retryAfter,
      Duration givesUpAfter) {
    public Habits {
      hiddenHeaders = Set.copyOf(hiddenHeaders);
    }
  }
}
