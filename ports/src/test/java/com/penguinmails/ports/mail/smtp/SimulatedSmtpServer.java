package com.penguinmails.ports.mail.smtp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// An SMTP server just real enough to be looked at: STARTTLS with a chosen certificate, AUTH PLAIN
/// and LOGIN, a rule for recipients. What it accepts it hands to `delivery`.
final class SimulatedSmtpServer implements SimulatedPort.Service {
  String hostname = "";
  String banner = "";
  boolean offersStartTls = true;
  boolean implicitTls;
  boolean requiresLogin;
  String user = "";
  String password = "";
  String answerToData = "250 2.0.0 Ok: queued";
  Predicate<String> acceptsRecipient = path -> false;
  Consumer<String> delivery = message -> {};
  SSLContext tls;

  SimulatedSmtpServer(SSLContext tls) {
    this.tls = tls;
  }

  @Override
  public void serve(Socket socket) throws IOException {
    if (implicitTls) {
      talk(encrypt(socket), true, true);
    } else {
      talk(socket, false, true);
    }
  }

  private SSLSocket encrypt(Socket socket) throws IOException {
    var encrypted =
        (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
    encrypted.setUseClientMode(false);
    encrypted.startHandshake();
    return encrypted;
  }

  private void talk(Socket socket, boolean encrypted, boolean greets) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    if (greets) {
      answer(socket, "220 " + (banner.isEmpty() ? hostname : banner) + " ESMTP simulated");
    }
    var loggedIn = false;
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
      switch (verb) {
        case "EHLO" -> {
          answer(socket, "250-" + hostname);
          if (offersStartTls && !encrypted) {
            answer(socket, "250-STARTTLS");
          }
          if (encrypted && requiresLogin) {
            answer(socket, "250-AUTH PLAIN");
          }
          answer(socket, "250 8BITMIME");
        }
        case "STARTTLS" -> {
          answer(socket, "220 2.0.0 Ready to start TLS");
          talk(encrypt(socket), true, false);
          return;
        }
        case "AUTH" -> {
          // authorization identity, user, password (RFC 4616, 2)
          var sent =
              new String(Base64.getDecoder().decode(line.split(" ")[2]), StandardCharsets.UTF_8)
                  .split("\0", -1);
          loggedIn = sent.length == 3 && sent[1].equals(user) && sent[2].equals(password);
          answer(
              socket,
              loggedIn
                  ? "235 2.7.0 Authentication successful"
                  : "535 5.7.8 Error: authentication failed for " + user);
        }
        case "MAIL" ->
            answer(socket, requiresLogin && !loggedIn ? "530 5.7.0 Log in first" : "250 2.1.0 Ok");
        case "RCPT" -> {
          var path = line.substring(line.indexOf('<') + 1, line.lastIndexOf('>'));
          answer(
              socket,
              loggedIn || acceptsRecipient.test(path)
                  ? "250 2.1.5 Ok"
                  : "554 5.7.1 <" + path + ">: Relay access denied");
        }
        case "DATA" -> {
          answer(socket, "354 End data with <CR><LF>.<CR><LF>");
          var message = readMessage(in);
          if (answerToData.startsWith("250")) {
            delivery.accept(message);
          }
          answer(socket, answerToData);
        }
        case "QUIT" -> {
          answer(socket, "221 2.0.0 Bye");
          return;
        }
        default -> answer(socket, "250 2.0.0 Ok");
      }
    }
  }

  private static String readMessage(BufferedReader in) throws IOException {
    var message = new StringBuilder();
    for (var line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
    }
    return message.toString();
  }

  private static void answer(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }
}
