package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.sandbox.mail.simulated.Incoming.Client;
import com.penguinmails.sandbox.mail.simulated.Incoming.Tls;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import java.io.IOException;
import java.net.Socket;
import java.util.Locale;
import java.util.Optional;

/// One SMTP conversation, command by command, in Postfix' words. Written here because the libraries
/// for receiving mail choose banner, extensions and replies themselves, and those are what is
/// looked at.
///
/// Postfix offers ETRN, DSN, SMTPUTF8 and CHUNKING besides; this does not.
final class SmtpSession {
  private static final int MAX_ERRORS = 20; // smtpd_hard_error_limit

  private final SmtpBackend backend;
  private final Service service;
  private final Client client;
  private final MailConfiguration configuration;
  private final SmtpTransaction transaction;

  private Socket socket;
  private SmtpLines lines;
  private Optional<Tls> tls = Optional.empty();
  private Optional<String> login = Optional.empty();
  private Optional<String> helo = Optional.empty();
  private boolean extended;
  private int errors;
  private boolean over;

  SmtpSession(SmtpBackend backend, Service service, Socket socket, Client client)
      throws IOException {
    this.backend = backend;
    this.service = service;
    this.client = client;
    this.configuration = backend.configuration();
    this.transaction =
        new SmtpTransaction(
            backend, configuration, new SmtpRules(backend, configuration, service, client));
    this.socket = socket;
    this.lines = new SmtpLines(socket.getInputStream());
  }

  void serve() throws IOException {
    if (service.tlsFirst()) {
      encrypt();
    }
    say("220 " + configuration.banner());
    while (!over) {
      var line = lines.command();
      if (line.isEmpty()) {
        return;
      }
      if (line.get().isCut()) {
        say("500 5.5.2 Error: line too long");
      } else {
        follow(line.get().text());
      }
      if (errors > MAX_ERRORS) {
        say("421 4.7.0 " + configuration.hostname() + " Error: too many errors");
        return;
      }
    }
  }

  private void follow(String line) throws IOException {
    var words = line.split(" ", 2);
    var verb = words[0].toUpperCase(Locale.ROOT);
    var argument = words.length == 2 ? words[1].strip() : "";
    switch (verb) {
      case "EHLO", "HELO" -> hello(verb.equals("EHLO"), argument);
      case "STARTTLS" -> startTls();
      case "NOOP" -> say("250 2.0.0 Ok");
      case "QUIT" -> {
        say("221 2.0.0 Bye");
        over = true;
      }
      case "RSET" -> {
        transaction.forget();
        say("250 2.0.0 Ok");
      }
      case "AUTH", "MAIL", "RCPT", "DATA" -> {
        if (needsTls()) {
          say("530 5.7.0 Must issue a STARTTLS command first");
        } else if (helo.isEmpty()) {
          say("503 5.5.1 Error: send HELO/EHLO first");
        } else {
          transact(verb, argument);
        }
      }
      case "VRFY" -> say("502 5.5.1 VRFY command is disabled");
      default -> say("502 5.5.2 Error: command not recognized");
    }
  }

  private void transact(String verb, String argument) throws IOException {
    switch (verb) {
      case "AUTH" -> authenticate(argument);
      case "MAIL" -> say(transaction.mail(argument));
      case "RCPT" -> say(transaction.recipient(argument, login));
      default -> data();
    }
  }

  private void hello(boolean isExtended, String name) throws IOException {
    if (name.isEmpty()) {
      say("501 Syntax: " + (isExtended ? "EHLO" : "HELO") + " hostname");
      return;
    }
    transaction.forget();
    helo = Optional.of(name.split(" ", 2)[0].replaceAll("[^A-Za-z0-9.:-]", "?"));
    extended = isExtended;
    if (!isExtended) {
      say("250 " + configuration.hostname());
      return;
    }
    say("250-" + configuration.hostname());
    say("250-PIPELINING");
    say("250-SIZE " + configuration.habits().maxMessageOctets());
    if (tls.isEmpty() && backend.tls(service).isPresent()) {
      say("250-STARTTLS");
    }
    if (takesLogins()) {
      say("250-AUTH " + SaslExchange.MECHANISMS);
    }
    say("250-ENHANCEDSTATUSCODES");
    say("250 8BITMIME");
  }

  private void startTls() throws IOException {
    if (tls.isPresent()) {
      say("554 5.5.1 Error: TLS already active");
    } else if (backend.tls(service).isEmpty()) {
      say("454 4.7.0 TLS not available due to local problem");
    } else {
      say("220 2.0.0 Ready to start TLS");
      encrypt();
      transaction.forget();
      helo = Optional.empty(); // RFC 3207, 4.2: nothing said before counts
      login = Optional.empty();
    }
  }

  private void encrypt() throws IOException {
    var encrypted = backend.tls(service).orElseThrow().over(socket);
    var session = encrypted.getSession();
    tls = Optional.of(new Tls(session.getProtocol(), session.getCipherSuite()));
    socket = encrypted;
    lines = new SmtpLines(encrypted.getInputStream()); // what was buffered in plain text is lost
  }

  private void authenticate(String argument) throws IOException {
    if (!takesLogins()) {
      say("503 5.5.1 Error: authentication not enabled");
      return;
    }
    if (login.isPresent()) {
      say("503 5.5.1 Error: already authenticated");
      return;
    }
    switch (new SaslExchange(this::ask).run(argument)) {
      case SaslExchange.Outcome.Refused refused -> say(refused.reply());
      case SaslExchange.Outcome.Given given -> {
        var user = given.user().toLowerCase(Locale.ROOT);
        if (backend.isLogin(user, given.password())) {
          login = Optional.of(user);
          say("235 2.7.0 Authentication successful");
        } else {
          say(SaslExchange.failed("(reason unavailable)").reply());
        }
      }
    }
  }

  private String ask(String challenge) throws IOException {
    say("334 " + SaslExchange.encode(challenge));
    return lines.command().map(SmtpLines.Command::text).orElse("*");
  }

  private void data() throws IOException {
    var refusal = transaction.refusalOfData();
    if (refusal.isPresent()) {
      say(refusal.get());
      return;
    }
    say("354 End data with <CR><LF>.<CR><LF>");
    var text = lines.message(configuration.habits().maxMessageOctets());
    if (text.isEmpty()) {
      transaction.forget();
      say("552 5.3.4 Error: message file too big");
      return;
    }
    var taken = backend.take(incoming(RawMessage.parse(text.get())));
    transaction.forget();
    if (taken.isEmpty()) {
      say(SmtpTransaction.NOT_NOW);
    } else if (backend.fault() instanceof MailFault.AnswerLost) {
      over = true;
    } else {
      say("250 2.0.0 Ok: queued as " + taken.get());
    }
  }

  private Incoming incoming(RawMessage message) {
    var protocol =
        (extended ? "ESMTP" : "SMTP")
            + (tls.isPresent() ? "S" : "")
            + (login.isPresent() ? "A" : "");
    return new Incoming(
        service,
        client,
        helo.orElse("unknown"),
        protocol,
        tls,
        login,
        transaction.sender(),
        transaction.recipients(),
        message);
  }

  private boolean needsTls() {
    return service.isSubmission() && tls.isEmpty() && !takesPlaintextLogins();
  }

  private boolean takesLogins() {
    return service.isSubmission() && (tls.isPresent() || takesPlaintextLogins());
  }

  private boolean takesPlaintextLogins() {
    return backend.fault() instanceof MailFault.PlaintextLogin;
  }

  private void say(String reply) throws IOException {
    if (reply.startsWith("4") || reply.startsWith("5")) {
      errors++;
    }
    socket.getOutputStream().write(SmtpLines.octets(reply));
    socket.getOutputStream().flush();
  }
}
