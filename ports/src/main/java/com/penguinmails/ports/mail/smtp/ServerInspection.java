package com.penguinmails.ports.mail.smtp;

import com.penguinmails.ports.dns.ResolverLookup;
import com.penguinmails.ports.dns.ResolverLookup.Known;
import com.penguinmails.ports.mail.MailProbe.Server;
import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.RecordName;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/// Judges a server as a stranger sees it: handshakes, names, and whether it relays.
final class ServerInspection {
  private static final Duration LEAST_LEFT = Duration.ofDays(7);

  private final Network network;
  private final ResolverLookup lookup;
  private final VerifyingTls tls;
  private final ProbeSettings settings;
  private final Clock clock;

  ServerInspection(
      Network network,
      ResolverLookup lookup,
      VerifyingTls tls,
      ProbeSettings settings,
      Clock clock) {
    this.network = network;
    this.lookup = lookup;
    this.tls = tls;
    this.settings = settings;
    this.clock = clock;
  }

  ProofCheck startTls(Server server, int port) {
    var name = "tls-" + port;
    try (var smtp = converse(server, port)) {
      var hello = smtp.say("EHLO " + settings.helo());
      if (!hello.offers("STARTTLS")) {
        return ProofCheck.failed(name, "Port " + port + " does not offer STARTTLS.");
      }
      return judgeCertificate(name, port, server, smtp.startTls(tls, server.hostname()));
    } catch (IOException e) {
      return unreachable(name, port, server, e);
    }
  }

  ProofCheck implicitTls(Server server, int port) {
    var name = "tls-" + port;
    try (var plain = new Socket()) {
      plain.connect(
          network.reach(server.address(), port), (int) settings.connectTimeout().toMillis());
      plain.setSoTimeout((int) settings.readTimeout().toMillis());
      try (var socket = tls.handshake(plain, server.hostname())) {
        return judgeCertificate(name, port, server, socket);
      }
    } catch (IOException e) {
      return unreachable(name, port, server, e);
    }
  }

  ProofCheck banner(Server server) {
    try (var smtp = converse(server, 25)) {
      var hostname = server.hostname().value();
      if (smtp.banner().code() != 220) {
        return ProofCheck.failed("banner", "Port 25 greets with " + smtp.banner() + ".");
      }
      if (!smtp.banner().firstWord().equalsIgnoreCase(hostname)) {
        return ProofCheck.failed(
            "banner",
            "The banner names %s instead of %s."
                .formatted(Evidence.clean(smtp.banner().firstWord()), hostname));
      }
      var hello = smtp.say("EHLO " + settings.helo());
      if (!hello.accepted() || !hello.firstWord().equalsIgnoreCase(hostname)) {
        return ProofCheck.failed(
            "banner", "EHLO is answered by %s instead of %s.".formatted(hello, hostname));
      }
      return ProofCheck.passed("banner", "Banner and EHLO name " + hostname + ".");
    } catch (IOException e) {
      return unreachable("banner", 25, server, e);
    }
  }

  ProofCheck ptr(Server server) {
    var address = server.address();
    return switch (lookup.ask(address.reverseName(), DnsRecord.Type.PTR)) {
      case Known.Unknown unknown ->
          ProofCheck.unknown(
              "ptr",
              "No answer for the PTR of " + address + ": " + Evidence.clean(unknown.reason()));
      case Known.Absent _ ->
          ProofCheck.failed("ptr", address + " has no PTR; it must be " + server.hostname() + ".");
      case Known.Found found -> {
        // Receivers take one PTR at random when there are several.
        if (!found.values().equals(List.of(server.hostname().value()))) {
          yield ProofCheck.failed(
              "ptr",
              "The PTR of %s is %s; it must be %s and nothing else."
                  .formatted(
                      address,
                      Evidence.clean(String.join(", ", found.values())),
                      server.hostname()));
        }
        yield forwardConfirmed(server, address);
      }
    };
  }

  private ProofCheck forwardConfirmed(Server server, IpAddress address) {
    var type = address.isV4() ? DnsRecord.Type.A : DnsRecord.Type.AAAA;
    return switch (lookup.ask(RecordName.of(server.hostname()), type)) {
      case Known.Unknown unknown ->
          ProofCheck.unknown(
              "ptr",
              "No answer for " + server.hostname() + ": " + Evidence.clean(unknown.reason()));
      case Known.Absent _ ->
          ProofCheck.failed(
              "ptr", "The PTR is right, but %s has no address.".formatted(server.hostname()));
      case Known.Found found ->
          found.values().contains(address.value())
              ? ProofCheck.passed(
                  "ptr", "%s and %s name each other.".formatted(address, server.hostname()))
              : ProofCheck.failed(
                  "ptr",
                  "The PTR is right, but %s leads to %s instead of %s."
                      .formatted(
                          server.hostname(),
                          Evidence.clean(String.join(", ", found.values())),
                          address));
    };
  }

  ProofCheck openRelay(Server server) {
    var stranger = settings.tryRelayFrom().toString();
    // Many broken set-ups trust whoever claims to be one of their own.
    var pretender = "postmaster@" + server.mailbox().domain();
    for (var sender : List.of(stranger, pretender)) {
      var check = tryToRelay(server, sender, sender.equals(pretender));
      if (check.verdict() != ProofCheck.Verdict.PASSED) {
        return check;
      }
    }
    return ProofCheck.passed(
        "open-relay", "Port 25 refused every form of foreign recipient without a login.");
  }

  private ProofCheck tryToRelay(Server server, String sender, boolean pretends) {
    try (var smtp = converse(server, 25)) {
      var hello = smtp.say("EHLO " + settings.helo());
      if (!hello.accepted()) {
        return ProofCheck.unknown("open-relay", "EHLO was answered " + hello + ".");
      }
      var mail = smtp.say("MAIL FROM:<" + sender + ">");
      if (!mail.accepted()) {
        // Refusing a forged own sender at once is a protection; refusing us proves nothing.
        return pretends && mail.refused()
            ? ProofCheck.passed("open-relay", "A pretended own sender is refused.")
            : ProofCheck.unknown("open-relay", "The relay test was answered " + mail + ".");
      }
      for (var form : foreignRecipients(server)) {
        var reply = smtp.say("RCPT TO:<" + form.path() + ">");
        if (reply.accepted() || reply.code() / 100 == 3) {
          smtp.say("RSET"); // no DATA: nothing is ever sent by this test
          return ProofCheck.failed(
              "open-relay",
              "Port 25 accepted a foreign recipient without a login (%s, %s): anybody can send"
                      .formatted(form.name(), pretends ? "own sender" : "foreign sender")
                  + " through this server.");
        }
        if (!reply.refused()) {
          return ProofCheck.unknown(
              "open-relay", "The relay test (%s) was answered %s.".formatted(form.name(), reply));
        }
      }
      return ProofCheck.passed("open-relay", "Foreign recipients are refused.");
    } catch (IOException e) {
      return unreachable("open-relay", 25, server, e);
    }
  }

  private List<RecipientForm> foreignRecipients(Server server) {
    var foreign = settings.tryRelayFrom();
    var user = foreign.localPart();
    var ours = server.mailbox().domain();
    return List.of(
        new RecipientForm("plain address", foreign.toString()),
        new RecipientForm("percent sign", user + "%" + foreign.domain() + "@" + ours),
        new RecipientForm("source route", "@" + ours + ":" + foreign),
        new RecipientForm("quoted address", "\"" + foreign + "\"@" + ours),
        new RecipientForm("bang path", foreign.domain() + "!" + user + "@" + ours),
        new RecipientForm(
            "percent sign, host name", user + "%" + foreign.domain() + "@" + server.hostname()));
  }

  private record RecipientForm(String name, String path) {}

  private SmtpConversation converse(Server server, int port) throws IOException {
    return new SmtpConversation(network.reach(server.address(), port), settings);
  }

  private ProofCheck judgeCertificate(String name, int port, Server server, SSLSocket socket)
      throws IOException {
    var session = socket.getSession();
    var certificate = (X509Certificate) session.getPeerCertificates()[0];
    var end = certificate.getNotAfter().toInstant();
    var left = Duration.between(Instant.now(clock), end);
    if (left.compareTo(LEAST_LEFT) <= 0) {
      return ProofCheck.failed(
          name,
          "The certificate on port %d ends on %s, in less than 7 days."
              .formatted(port, end.toString().substring(0, 10)));
    }
    return ProofCheck.passed(
        name,
        "Port %d: %s, certificate for %s, trusted, valid until %s."
            .formatted(
                port, session.getProtocol(), server.hostname(), end.toString().substring(0, 10)));
  }

  private static ProofCheck unreachable(String name, int port, Server server, IOException e) {
    return switch (e) {
      case ConnectException _ ->
          ProofCheck.failed(name, "Port %d of %s is closed.".formatted(port, server.hostname()));
      case SocketTimeoutException _ ->
          ProofCheck.unknown(
              name, "Port %d of %s did not answer in time.".formatted(port, server.hostname()));
      case SSLException tls ->
          ProofCheck.failed(
              name,
              "TLS on port %d failed: %s."
                  .formatted(port, VerifyingTls.explain(tls, server.hostname())));
      case ProtocolException protocol ->
          ProofCheck.failed(
              name,
              "Port %d: %s."
                  .formatted(port, Evidence.clean(String.valueOf(protocol.getMessage()))));
      default ->
          ProofCheck.unknown(
              name,
              "Port %d of %s: %s."
                  .formatted(
                      port, server.hostname(), Evidence.clean(String.valueOf(e.getMessage()))));
    };
  }
}
