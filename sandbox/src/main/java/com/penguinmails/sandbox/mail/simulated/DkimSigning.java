package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.ports.secret.Pem;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.DkimKey;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Signing;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.james.jdkim.DKIMSigner;
import org.apache.james.jdkim.exceptions.FailException;

/// Signs as OpenDKIM does with our configuration: RSA-SHA256, relaxed/relaxed, the fields of RFC
/// 6376, 5.4.1, and From once more than it is there.
final class DkimSigning {
  private static final Set<String> SIGNED =
      Set.of(
          "from",
          "reply-to",
          "subject",
          "date",
          "to",
          "cc",
          "resent-date",
          "resent-from",
          "resent-to",
          "resent-cc",
          "in-reply-to",
          "references",
          "list-id",
          "list-help",
          "list-unsubscribe",
          "list-subscribe",
          "list-post",
          "list-owner",
          "list-archive");

  private final Signing signing;

  DkimSigning(Signing signing) {
    this.signing = signing;
  }

  /// The message with its signature on top; unchanged when no rule is for its author.
  ///
  /// @return empty when it should be signed but cannot be: then mail has to wait
  Optional<RawMessage> sign(RawMessage message, Instant now) {
    var rule =
        author(message)
            .flatMap(author ->
                signing.rules().stream().filter(one -> matches(one.author(), author)).findFirst());
    if (rule.isEmpty()) {
      return Optional.of(message);
    }
    return Optional.ofNullable(signing.keys().get(rule.get().key()))
        .flatMap(key -> signed(message, key, now));
  }

  private static Optional<RawMessage> signed(RawMessage message, DkimKey key, Instant now) {
    var covered = new ArrayList<String>();
    for (var name : message.names()) {
      if (SIGNED.contains(name.toLowerCase(Locale.ROOT))) {
        covered.add(name);
      }
    }
    covered.add("From"); // OversignHeaders
    var template =
        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s; s=%s; t=%d; bh=; h=%s; b=;"
            .formatted(
                key.domain(), key.selector(), now.getEpochSecond(), String.join(":", covered));
    try {
      var field = new DKIMSigner(template, privateKey(key)).sign(message.stream());
      return Optional.of(message.onTop(field));
    } catch (FailException | IOException | GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> author(RawMessage message) {
    try {
      var from = message.value("From");
      if (from.isEmpty()) {
        return Optional.empty();
      }
      return Arrays.stream(InternetAddress.parseHeader(from.get(), false))
          .map(address -> address.getAddress().toLowerCase(Locale.ROOT))
          .findFirst();
    } catch (AddressException e) {
      return Optional.empty();
    }
  }

  private static boolean matches(String pattern, String author) {
    var regex =
        Arrays.stream(pattern.toLowerCase(Locale.ROOT).split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.matches(regex, author);
  }

  private static PrivateKey privateKey(DkimKey key) throws GeneralSecurityException {
    return KeyFactory.getInstance("RSA")
        .generatePrivate(new PKCS8EncodedKeySpec(Pem.decode("PRIVATE KEY", key.privateKeyPem())));
  }
}
