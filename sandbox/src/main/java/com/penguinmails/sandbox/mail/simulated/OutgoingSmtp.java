package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.sandbox.mail.simulated.DeliveryOutcome.Delivered;
import com.penguinmails.sandbox.mail.simulated.DeliveryOutcome.PutOff;
import com.penguinmails.sandbox.mail.simulated.DeliveryOutcome.Returned;
import com.penguinmails.sandbox.mail.simulated.MailRoutes.Host;
import com.penguinmails.sandbox.mail.simulated.MailRoutes.Route;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/// Hands mail on to other servers on port 25: with TLS where it is offered, without judging the
/// certificate, as mail servers do among each other. The connection comes from this server's own
/// address.
final class OutgoingSmtp {
  private static final String TIMEOUT_MILLIS = "20000";

  private final LoopbackNetwork network;
  private final MailRoutes routes;
  private final MailConfiguration configuration;

  OutgoingSmtp(LoopbackNetwork network, MailRoutes routes, MailConfiguration configuration) {
    this.network = network;
    this.routes = routes;
    this.configuration = configuration;
  }

  DeliveryOutcome deliver(RawMessage message, String sender, String recipient) {
    return switch (routes.to(recipient.substring(recipient.lastIndexOf('@') + 1))) {
      case Route.Nowhere nowhere -> new Returned(nowhere.why());
      case Route.Unknown unknown -> new PutOff(unknown.why());
      case Route.Hosts hosts -> {
        DeliveryOutcome last = new PutOff("nobody was tried");
        for (var host : hosts.hosts()) {
          last = deliver(host, message, sender, recipient);
          if (!(last instanceof PutOff)) {
            break;
          }
        }
        yield last;
      }
    };
  }

  private DeliveryOutcome deliver(Host host, RawMessage message, String sender, String recipient) {
    InetSocketAddress target;
    try {
      target = network.reach(host.address(), MailConfiguration.Service.SMTP.port());
    } catch (IllegalArgumentException outside) {
      return new PutOff("connect to " + host.name() + ": Network is unreachable");
    }
    var session = Session.getInstance(properties(sender));
    try (var transport = session.getTransport("smtp")) {
      transport.connect(target.getAddress().getHostAddress(), target.getPort(), null, null);
      transport.sendMessage(
          new MimeMessage(session, message.stream()),
          new InternetAddress[] {new InternetAddress(recipient, false)});
      return new Delivered();
    } catch (MessagingException e) {
      var said = reply(e);
      var why =
          "host %s[%s] said: %s"
              .formatted(host.name(), host.address(), said.map(Reply::text).orElse(said(e)));
      return said.isPresent() && said.get().code() / 100 == 5 ? new Returned(why) : new PutOff(why);
    }
  }

  private Properties properties(String sender) {
    var own = network.reach(configuration.address(), 0).getAddress().getHostAddress();
    var properties = new Properties();
    properties.put("mail.smtp.localaddress", own);
    properties.put("mail.smtp.localhost", configuration.hostname().value());
    properties.put("mail.smtp.from", "<" + sender + ">");
    properties.put("mail.smtp.starttls.enable", "true");
    properties.put("mail.smtp.ssl.trust", "*");
    properties.put("mail.smtp.ssl.checkserveridentity", "false");
    properties.put("mail.smtp.connectiontimeout", TIMEOUT_MILLIS);
    properties.put("mail.smtp.timeout", TIMEOUT_MILLIS);
    return properties;
  }

  private record Reply(int code, String text) {}

  /// What the other server answered, if it was an answer that ended it.
  private static Optional<Reply> reply(MessagingException e) {
    for (Exception at = e; at != null; at = next(at)) {
      switch (at) {
        case SMTPAddressFailedException address -> {
          return Optional.of(new Reply(address.getReturnCode(), said(address)));
        }
        case SMTPSenderFailedException sender -> {
          return Optional.of(new Reply(sender.getReturnCode(), said(sender)));
        }
        case SMTPSendFailedException send when send.getNextException() == null -> {
          return Optional.of(new Reply(send.getReturnCode(), said(send)));
        }
        default -> {}
      }
    }
    return Optional.empty();
  }

  private static @Nullable Exception next(Exception e) {
    return e instanceof MessagingException messaging ? messaging.getNextException() : null;
  }

  private static String said(Exception e) {
    return String.valueOf(e.getMessage()).strip();
  }
}
