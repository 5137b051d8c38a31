package com.penguinmails.ports.mail.smtp;

import com.penguinmails.workflows.model.DomainName;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;

/// One SMTP connection, command by command, for looking at a server the way a stranger sees it. A
/// mail library would hide what is judged here.
final class SmtpConversation implements AutoCloseable {
  private static final int MAX_LINE = 2_048; // RFC 5321, 4.5.3.1.5 allows 512
  private static final int MAX_LINES = 100;

  private Socket socket;
  private InputStream in;
  private final Reply banner;

  /// Connects and reads the banner.
  SmtpConversation(InetSocketAddress target, ProbeSettings settings) throws IOException {
    socket = new Socket();
    try {
      socket.connect(target, (int) settings.connectTimeout().toMillis());
      socket.setSoTimeout((int) settings.readTimeout().toMillis());
      in = new BufferedInputStream(socket.getInputStream());
      banner = read();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  Reply banner() {
    return banner;
  }

  /// Sends one command and reads its answer.
  Reply say(String command) throws IOException {
    socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return read();
  }

  /// Says STARTTLS and verifies the certificate by `hostname`.
  SSLSocket startTls(VerifyingTls tls, DomainName hostname) throws IOException {
    var reply = say("STARTTLS");
    if (reply.code() != 220) {
      throw new ProtocolException("STARTTLS was answered " + reply);
    }
    if (in.available() > 0) {
      // CVE-2021-38371 and kin: text injected before the handshake must not be read after it.
      throw new ProtocolException("text followed the answer to STARTTLS");
    }
    var encrypted = tls.handshake(socket, hostname);
    socket = encrypted;
    in = new BufferedInputStream(encrypted.getInputStream());
    return encrypted;
  }

  @Override
  public void close() throws IOException {
    try {
      socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException alreadyGone) {
      // Saying good-bye is a courtesy; the connection is closed either way.
    } finally {
      socket.close();
    }
  }

  private Reply read() throws IOException {
    var lines = new ArrayList<String>();
    while (lines.size() < MAX_LINES) {
      var line = readLine();
      if (!line.matches("[2-5][0-9]{2}([ -].*)?")) {
        throw new ProtocolException("no SMTP reply: " + Evidence.clean(line));
      }
      lines.add(line.length() > 4 ? line.substring(4) : "");
      if (line.length() == 3 || line.charAt(3) == ' ') {
        return new Reply(Integer.parseInt(line.substring(0, 3)), lines);
      }
    }
    throw new ProtocolException("a reply of more than " + MAX_LINES + " lines");
  }

  private String readLine() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (line.length() >= MAX_LINE) {
        throw new ProtocolException("a line of more than " + MAX_LINE + " octets");
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  /// @param lines texts without the code
  record Reply(int code, List<String> lines) {
    Reply {
      lines = List.copyOf(lines);
    }

    /// The first word after the code: the server's own name in a banner and in an answer to EHLO.
    String firstWord() {
      return lines.getFirst().split(" ", 2)[0];
    }

    boolean offers(String extension) {
      return lines.stream()
          .skip(1)
          .anyMatch(line -> line.split(" ", 2)[0].equalsIgnoreCase(extension));
    }

    boolean accepted() {
      return code / 100 == 2;
    }

    boolean refused() {
      return code / 100 == 5;
    }

    @Override
    public String toString() {
      return code + " " + Evidence.clean(lines.getLast());
    }
  }
}
