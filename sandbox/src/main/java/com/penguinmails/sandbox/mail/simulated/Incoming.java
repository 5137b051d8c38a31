package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import com.penguinmails.workflows.model.IpAddress;
import java.util.List;
import java.util.Optional;

/// A message as a client hands it in.
///
/// @param helo the name the client gave itself
/// @param protocol as the trace line says it, such as `ESMTPSA`
/// @param tls how it was encrypted
/// @param sender empty: a bounce
record Incoming(
    Service service,
    Client client,
    String helo,
    String protocol,
    Optional<Tls> tls,
    Optional<String> login,
    String sender,
    List<String> recipients,
    RawMessage message) {

  Incoming {
    recipients = List.copyOf(recipients);
  }

  /// @param name by reverse and forward look-up, else `unknown`
  record Client(IpAddress address, String name) {
    @Override
    public String toString() {
      return name + "[" + address + "]";
    }
  }

  /// @param protocol such as `TLSv1.3`
  record Tls(String protocol, String cipher) {
    int bits() {
      return cipher.contains("AES_128") ? 128 : 256;
    }
  }
}
