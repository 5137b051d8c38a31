package com.penguinmails.ports.mail.smtp;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.dns.ResolverLookup;
import com.penguinmails.ports.mail.MailProbe;
import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ProofCheck;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.HeaderTerm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.imap.IMAPMessage;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/// The proof over SMTP and IMAP. Every TLS connection verifies chain, dates and host name.
public final class SmtpImapMailProbe implements MailProbe {
  private static final int MAX_MESSAGE_OCTETS = 1 << 20;
  private static final Pattern ENHANCED_CODE = // RFC 3463
      Pattern.compile("\\b([245]\\.[0-9]{1,3}\\.[0-9]{1,3})\\b");

  private final Network network;
  private final ProbeSettings settings;
  private final Clock clock;
  private final VerifyingTls tls;
  private final ServerInspection inspection;
  private final MessageJudgement judgement;

  public SmtpImapMailProbe(
      Network network, Resolver resolver, ProbeSettings settings, Clock clock) {
    this.network = network;
    this.settings = settings;
    this.clock = clock;
    this.tls = new VerifyingTls(settings.extraTrustRoots());
    var lookup = new ResolverLookup(resolver);
    this.inspection = new ServerInspection(network, lookup, tls, settings, clock);
    this.judgement = new MessageJudgement(lookup);
  }

  @Override
  public void submit(Submission submission) {
    var octets = ProofMessage.compose(submission, Instant.now(clock));
    var target = network.reach(submission.server(), 587);
    var properties = properties("mail.smtp");
    properties.put("mail.smtp.socketFactory", VerifyingTls.plainSockets(target));
    properties.put("mail.smtp.ssl.socketFactory", tls.sockets(target, submission.hostname()));
    properties.put("mail.smtp.starttls.enable", "true");
    properties.put("mail.smtp.starttls.required", "true");
    properties.put("mail.smtp.auth", "true");
    properties.put("mail.smtp.localhost", settings.helo().value());
    properties.put("mail.smtp.from", submission.from().toString());
    var session = Session.getInstance(properties);
    var what = "Submission to " + submission.hostname() + " port 587";
    try (var transport = session.getTransport("smtp")) {
      var message = new MimeMessage(session, new ByteArrayInputStream(octets));
      transport.connect(
          submission.server().value(), 587, submission.from().toString(), submission.password());
      transport.sendMessage(
          message, new InternetAddress[] {new InternetAddress(submission.to(), true)});
    } catch (AuthenticationFailedException e) {
      throw loginRefused(what, e);
    } catch (MessagingException e) {
      throw translate(what, submission.hostname(), e);
    }
  }

  @Override
  public Optional<Arrival> fetch(ProbeMailbox mailbox, String token) {
    ProofMessage.requireToken(token);
    var what = "Reading the probe mailbox at " + mailbox.hostname();
    try (var store =
        imap(
            mailbox.server(),
            mailbox.imapPort(),
            mailbox.hostname(),
            mailbox.user(),
            mailbox.password())) {
      var inbox = store.getFolder("INBOX");
      inbox.open(Folder.READ_ONLY);
      // The server's search is a substring search; the right Message-ID begins exactly so.
      for (var found : inbox.search(new HeaderTerm("Message-ID", "<" + token + "@"))) {
        if (found instanceof IMAPMessage message && message.getSize() <= MAX_MESSAGE_OCTETS) {
          message.setPeek(true);
          var octets = new ByteArrayOutputStream();
          message.writeTo(octets);
          return Optional.of(
              new Arrival(octets.toString(StandardCharsets.ISO_8859_1), mailbox.hostname()));
        }
      }
      return Optional.empty();
    } catch (AuthenticationFailedException e) {
      throw loginRefused(what, e);
    } catch (MessagingException e) {
      throw translate(what, mailbox.hostname(), e);
    } catch (IOException e) {
      throw new Unavailable(what + " broke off; it will be tried again", e);
    }
  }

  @Override
  public List<ProofCheck> judge(Arrival arrival, Expected expected) {
    return judgement.judge(arrival, expected);
  }

  @Override
  public List<ProofCheck> inspect(Server server) {
    return List.of(
        inspection.startTls(server, 25),
        inspection.implicitTls(server, 465),
        inspection.startTls(server, 587),
        inspection.implicitTls(server, 993),
        inspection.banner(server),
        inspection.ptr(server),
        inspection.openRelay(server),
        imapLogin(server));
  }

  private ProofCheck imapLogin(Server server) {
    try (var store =
        imap(
            server.address(),
            993,
            server.hostname(),
            server.mailbox().toString(),
            server.password())) {
      store.getFolder("INBOX").open(Folder.READ_ONLY);
      return ProofCheck.passed("imap-login", "The new mailbox can be opened by IMAP on port 993.");
    } catch (AuthenticationFailedException e) {
      return ProofCheck.failed("imap-login", "The IMAP server refused the mailbox's login.");
    } catch (MessagingException e) {
      var broken = cause(e, SSLException.class);
      return broken.isPresent()
          ? ProofCheck.failed(
              "imap-login",
              "No login without trusted TLS: "
                  + VerifyingTls.explain(broken.get(), server.hostname())
                  + ".")
          : ProofCheck.unknown(
              "imap-login", "IMAP did not work: " + Evidence.clean(String.valueOf(e.getMessage())));
    }
  }

  private Store imap(IpAddress address, int port, DomainName hostname, String user, String password)
      throws MessagingException {
    var target = network.reach(address, port);
    var properties = properties("mail.imap");
    properties.put("mail.imap.socketFactory", tls.encryptedSockets(target, hostname));
    var store = Session.getInstance(properties).getStore("imap");
    store.connect(address.value(), port, user, password);
    return store;
  }

  private Properties properties(String prefix) {
    var properties = new Properties();
    properties.put(prefix + ".socketFactory.fallback", "false");
    properties.put(prefix + ".ssl.socketFactory.fallback", "false");
    // Off because the library would compare the certificate with the address it was given. Our
    // socket factory has it compared with the host name, in the handshake, always.
    properties.put(prefix + ".ssl.checkserveridentity", "false");
    properties.put(
        prefix + ".connectiontimeout", Long.toString(settings.connectTimeout().toMillis()));
    properties.put(prefix + ".timeout", Long.toString(settings.readTimeout().toMillis()));
    return properties;
  }

  private static Refused loginRefused(String what, AuthenticationFailedException e) {
    return new Refused(
        FailureType.LOGIN_REFUSED,
        what
            + ": the login was refused ("
            + Evidence.clean(String.valueOf(e.getMessage()))
            + "); the mailbox and its password must be set on the server first");
  }

  private static RuntimeException translate(
      String what, DomainName hostname, MessagingException e) {
    var broken = cause(e, SSLException.class);
    if (broken.isPresent()) {
      return new Refused(
          what
              + ": TLS failed, "
              + VerifyingTls.explain(broken.get(), hostname)
              + "; a valid certificate must be installed");
    }
    var code = replyCode(e);
    if (code / 100 == 5) {
      return new Refused(what + " was refused with " + said(code, e));
    }
    if (code / 100 == 4) {
      return new Unavailable(what + " was put off with " + said(code, e));
    }
    // The cause is not attached: its text may name addresses.
    return new Unavailable(
        what
            + " failed: "
            + Evidence.clean(String.valueOf(e.getMessage()))
            + "; asked again later");
  }

  private static String said(int code, MessagingException e) {
    var text = String.valueOf(deepest(e).getMessage());
    var enhanced = ENHANCED_CODE.matcher(text);
    return code + (enhanced.find() ? " " + enhanced.group(1) : "") + ": " + Evidence.clean(text);
  }

  private static int replyCode(MessagingException e) {
    for (Exception at = e; at != null; at = next(at)) {
      switch (at) {
        case SMTPAddressFailedException address -> {
          return address.getReturnCode();
        }
        case SMTPSenderFailedException sender -> {
          return sender.getReturnCode();
        }
        case SMTPSendFailedException send when send.getNextException() == null -> {
          return send.getReturnCode();
        }
        default -> {}
      }
    }
    return 0;
  }

  private static MessagingException deepest(MessagingException e) {
    return e.getNextException() instanceof MessagingException next ? deepest(next) : e;
  }

  private static @Nullable Exception next(Exception e) {
    return e instanceof MessagingException messaging ? messaging.getNextException() : null;
  }

  private static <T extends Throwable> Optional<T> cause(Throwable e, Class<T> type) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return Optional.of(type.cast(at));
      }
    }
    return Optional.empty();
  }
}
