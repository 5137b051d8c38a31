package com.penguinmails.sandbox.mail.simulated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// AUTH PLAIN and AUTH LOGIN, from the server's side.
final class SaslExchange {
  static final String MECHANISMS = "PLAIN LOGIN";

  private final Prompt prompt;

  /// Sends a challenge and answers what the client sends back.
  @FunctionalInterface
  interface Prompt {
    String ask(String challenge) throws IOException;
  }

  SaslExchange(Prompt prompt) {
    this.prompt = prompt;
  }

  /// What AUTH ended in.
  sealed interface Outcome {
    record Given(String user, String password) implements Outcome {
      @Override
      public String toString() {
        return "Given[…]";
      }
    }

    record Refused(String reply) implements Outcome {}
  }

  /// @param argument what follows AUTH: a mechanism and perhaps the first answer
  Outcome run(String argument) throws IOException {
    var words = argument.split(" +", 2);
    var first = words.length == 2 ? Optional.of(words[1]) : Optional.<String>empty();
    try {
      return switch (words[0].toUpperCase(Locale.ROOT)) {
        case "PLAIN" -> plain(first.isPresent() ? first.get() : prompt.ask(""));
        case "LOGIN" -> {
          var user = first.isPresent() ? first.get() : prompt.ask("Username:");
          yield user.equals("*") ? aborted() : login(decode(user), prompt.ask("Password:"));
        }
        default -> failed("Invalid authentication mechanism");
      };
    } catch (IllegalArgumentException notBase64) {
      return failed("Invalid base64 data in initial response");
    }
  }

  /// Authorisation identity, user, password (RFC 4616, 2).
  private static Outcome plain(String response) {
    if (response.equals("*")) {
      return aborted();
    }
    var parts = decode(response).split("\0", -1);
    return parts.length == 3 ? new Outcome.Given(parts[1], parts[2]) : failed("Bad response");
  }

  private static Outcome login(String user, String password) {
    return password.equals("*") ? aborted() : new Outcome.Given(user, decode(password));
  }

  static Outcome.Refused failed(String why) {
    return new Outcome.Refused("535 5.7.8 Error: authentication failed: " + why);
  }

  private static Outcome aborted() {
    return new Outcome.Refused("501 5.7.0 Authentication aborted");
  }

  static String encode(String challenge) {
    return Base64.getEncoder().encodeToString(challenge.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String response) {
    return new String(Base64.getDecoder().decode(response), StandardCharsets.UTF_8);
  }
}
