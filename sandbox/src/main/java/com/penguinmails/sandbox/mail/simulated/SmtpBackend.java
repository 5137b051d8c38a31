package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import java.util.Optional;

/// What an SMTP conversation asks of the server behind it.
interface SmtpBackend {
  MailConfiguration configuration();

  MailFault fault();

  /// Empty without a certificate that can be used.
  Optional<ServerTls> tls(Service service);

  boolean isLogin(String user, String password);

  /// Whether mail for the domain could be sent on; true too when nobody knows.
  boolean isDomain(String name);

  /// Whether a greylist puts this delivery off.
  boolean isTooEarly(Incoming.Client client, String sender, String recipient);

  /// Takes the message over: from now on this server answers for it, also after a restart.
  ///
  /// @return its queue id; empty when it cannot be taken now
  Optional<String> take(Incoming incoming);
}
