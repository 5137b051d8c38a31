package com.penguinmails.api.setup;

import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.RecordName;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Reads logins and keys that a tenant typed, when ordering and when correcting. What is wrong
/// becomes a fault of the field, without the value.
final class AccessFields {
  private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");
  private static final Pattern SUM = Pattern.compile("\\d{1,7}(\\.\\d{1,2})?");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{20,512}");
  private static final Pattern GLOBAL_KEY = Pattern.compile("[0-9a-f]{37}");
  private static final int MIN_TSIG_BYTES = 16;
  private static final int MAX_TSIG_BYTES = 512;

  /// MD5 and SHA-1 are left out: RFC 8945, section 6, advises against them.
  private static final Set<String> ALGORITHMS =
      new TreeSet<>(Set.of("hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"));

  private AccessFields() {}

  /// The user of the first login, when one is named.
  static Optional<String> user(Fields server) {
    return server
        .text("user", 32)
        .filter(user ->
            isFine(
                server,
                "user",
                USER.matcher(user).matches()
                    ? Optional.empty()
                    : Optional.of("is not a Linux user name")));
  }

  /// The first login: field `password` or `key`.
  static Optional<Map<String, String>> login(Fields server) {
    var password = server.text("password", 1_024);
    var key = server.text("privateKey", 16_384);
    if (server.has("password") && server.has("privateKey")) {
      server.fault("password", "and privateKey are both given; give one of them");
      return Optional.empty();
    }
    if (!server.has("password") && !server.has("privateKey")) {
      server.fault(
          "password", "is missing: give the password or the private key of the first login");
      return Optional.empty();
    }
    if (password.isPresent()) {
      return isFine(
              server,
              "password",
              CONTROL.matcher(password.get()).find()
                  ? Optional.of("contains a line break or another control character")
                  : Optional.empty())
          ? Optional.of(Map.of("password", password.get()))
          : Optional.empty();
    }
    if (key.isPresent()) {
      return isFine(server, "privateKey", PrivateKeyText.objection(key.get()))
          ? Optional.of(Map.of("key", key.get()))
          : Optional.empty();
    }
    server.fault(server.has("password") ? "password" : "privateKey", "is empty or too long");
    return Optional.empty();
  }

  /// What a server may cost a month.
  static Optional<Money> budget(Fields server) {
    return server
        .required("monthlyBudget", 12, "is missing: what may it cost a month, such as \"15.00\"?")
        .filter(text -> isFine(server, "monthlyBudget", sumObjection(text)))
        .map(text -> Money.parse(text, "USD"));
  }

  private static Optional<String> sumObjection(String text) {
    return SUM.matcher(text).matches() && text.matches(".*[1-9].*")
        ? Optional.empty()
        : Optional.of("is not a sum in US dollars, such as \"15.00\"");
  }

  /// The TSIG algorithm, when one is named.
  static Optional<String> algorithm(Fields dns) {
    return dns.text("algorithm", 32)
        .map(text -> text.toLowerCase(Locale.ROOT))
        .filter(algorithm ->
            isFine(
                dns,
                "algorithm",
                ALGORITHMS.contains(algorithm)
                    ? Optional.empty()
                    : Optional.of(
                        "is not one we use; known are " + String.join(", ", ALGORITHMS))));
  }

  /// The TSIG secret in base64.
  static Optional<String> secret(Fields dns) {
    return dns.required("secret", 1_024, "is missing: the key's secret in base64")
        .map(String::strip)
        .filter(text -> isFine(dns, "secret", tsigObjection(text)));
  }

  /// The token of an API.
  static Optional<String> token(Fields dns) {
    return dns.required("token", 512, "is missing: an API token that may edit the zone's records")
        .map(String::strip)
        .filter(text -> isFine(dns, "token", tokenObjection(text)));
  }

  private static Optional<String> tokenObjection(String token) {
    if (GLOBAL_KEY.matcher(token).matches()) {
      return Optional.of(
          "looks like Cloudflare's Global API Key, which opens the whole account; make an API token"
              + " for this zone instead");
    }
    return TOKEN.matcher(token).matches()
        ? Optional.empty()
        : Optional.of("is not an API token: 20 letters, digits, _ and - or more, without Bearer");
  }

  /// The TSIG key's name as typed.
  static Optional<RecordName> keyName(Fields dns, Optional<String> typed) {
    try {
      return typed
          .map(String::strip)
          .map(name -> name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
          .map(RecordName::new);
    } catch (IllegalArgumentException e) {
      dns.fault("keyName", "is not a key name: letters, digits, hyphens and dots");
      return Optional.empty();
    }
  }

  private static Optional<String> tsigObjection(String base64) {
    try {
      int bytes = Base64.getDecoder().decode(base64).length;
      return bytes >= MIN_TSIG_BYTES && bytes <= MAX_TSIG_BYTES
          ? Optional.empty()
          : Optional.of(
              "has %d bytes; %d to %d are accepted, 32 are usual"
                  .formatted(bytes, MIN_TSIG_BYTES, MAX_TSIG_BYTES));
    } catch (IllegalArgumentException e) { // its message would quote the secret
      return Optional.of("is not base64; copy it as it stands in the DNS server's settings");
    }
  }

  static boolean isFine(Fields fields, String name, Optional<String> objection) {
    objection.ifPresent(detail -> fields.fault(name, detail));
    return objection.isEmpty();
  }
}
