package com.penguinmails.sandbox.mail.simulated;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.penguinmails.ports.acme.CertificateKeys;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.workflows.model.IpAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// A person with a terminal on an SMTP port: says a line, reads the whole answer.
final class SmtpLine implements AutoCloseable {
  private Socket socket;
  private BufferedReader in;
  final String banner;

  SmtpLine(LoopbackNetwork network, IpAddress server, int port) throws IOException {
    var target = network.reach(server, port);
    socket = new Socket(target.getAddress(), target.getPort());
    socket.setSoTimeout(10_000);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    banner = read();
  }

  String say(String line) throws IOException {
    write(line + "\r\n");
    return read();
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  String read() throws IOException {
    var answer = new StringBuilder();
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      answer.append(line).append('\n');
      if (line.length() < 4 || line.charAt(3) == ' ') {
        break;
      }
    }
    return answer.toString();
  }

  /// STARTTLS and a new EHLO.
  String encrypt() throws IOException, GeneralSecurityException {
    var answer = say("STARTTLS");
    if (!answer.startsWith("220")) {
      return answer;
    }
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "server", CertificateKeys.chain(MailWorld.CERTIFICATE.chainPem()).getFirst());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    var encrypted =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(socket, MailWorld.HOSTNAME.value(), socket.getPort(), true);
    encrypted.startHandshake();
    socket = encrypted;
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    return say("EHLO client.test");
  }

  String login(String user, String password) throws IOException {
    var response = "\0" + user + "\0" + password;
    return say("AUTH PLAIN " + Base64.getEncoder().encodeToString(response.getBytes(ISO_8859_1)));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
