package com.penguinmails.ports.mail.smtp;

import com.penguinmails.workflows.model.DomainName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// TLS to an address while the certificate is judged by the host name: chain, dates and name, every
/// time. There is no way to switch any of it off.
final class VerifyingTls {
  private final SSLContext context;

  /// @param extraRoots PEM certificates trusted besides the JDK's
  VerifyingTls(List<String> extraRoots) {
    try {
      var roots = KeyStore.getInstance(KeyStore.getDefaultType());
      roots.load(null, null);
      int i = 0;
      for (var root : jdkRoots().getAcceptedIssuers()) {
        roots.setCertificateEntry("jdk-" + i++, root);
      }
      var certificates = CertificateFactory.getInstance("X.509");
      for (var pem : extraRoots) {
        var read =
            certificates.generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        for (var root : read) {
          roots.setCertificateEntry("extra-" + i++, root);
        }
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(roots);
      context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the extra trust roots cannot be read", e);
    }
  }

  private static X509TrustManager jdkRoots() throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  /// Puts TLS over a connected socket; returns after a verified handshake.
  SSLSocket handshake(Socket connected, DomainName hostname) throws IOException {
    var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(connected, hostname.value(), connected.getPort(), true);
    verifyName(socket);
    socket.startHandshake();
    return socket;
  }

  /// For the mail library: every TLS socket goes to `target` and verifies `hostname`, whatever the
  /// library thinks it talks to. An unlayered socket is a plain one, which the library then layers.
  SSLSocketFactory sockets(InetSocketAddress target, DomainName hostname) {
    return new NameVerifyingFactory(context.getSocketFactory(), target, hostname);
  }

  /// For the mail library, which layers TLS over sockets it makes itself where TLS comes first
  /// (ports 465, 993): sockets that are plain to the library and speak verified TLS from the first
  /// octet on.
  SocketFactory encryptedSockets(InetSocketAddress target, DomainName hostname) {
    return new FixedTargetFactory(target) {
      @Override
      public Socket createSocket() {
        return new EncryptedSocket(target, hostname);
      }
    };
  }

  /// For the mail library: every socket goes to `target`, whatever name it was given.
  static SocketFactory plainSockets(InetSocketAddress target) {
    return new FixedTargetFactory(target);
  }

  /// Why a handshake failed, in a support person's words.
  static String explain(IOException failure, DomainName hostname) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      var said = String.valueOf(cause.getMessage());
      if (cause instanceof CertificateExpiredException) {
        return "the certificate has expired";
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "the certificate is not valid yet; compare the clocks";
      }
      if (said.contains("No subject alternative") || said.contains("No name matching")) {
        return "the certificate is not for " + hostname;
      }
      if (cause instanceof CertPathValidatorException path
          && path.getReason() == CertPathValidatorException.BasicReason.EXPIRED) {
        return "a certificate in the chain has expired";
      }
      if (said.contains("unable to find valid certification path")) {
        return "the certificate does not lead to an authority we trust (self-signed, or the"
            + " intermediate certificate is missing)";
      }
    }
    return Evidence.clean(String.valueOf(failure.getMessage()));
  }

  private static void verifyName(SSLSocket socket) {
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 6125; also right for mail
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    socket.setSSLParameters(parameters);
  }

  private static class FixedTargetFactory extends SocketFactory {
    private final InetSocketAddress target;

    FixedTargetFactory(InetSocketAddress target) {
      this.target = target;
    }

    @Override
    public Socket createSocket() {
      return new Socket() {
        @Override
        public void connect(SocketAddress ignored) throws IOException {
          super.connect(target);
        }

        @Override
        public void connect(SocketAddress ignored, int timeoutMillis) throws IOException {
          super.connect(target, timeoutMillis);
        }
      };
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return connected();
    }

    private Socket connected() throws IOException {
      var socket = createSocket();
      socket.connect(target);
      return socket;
    }
  }

  private final class EncryptedSocket extends Socket {
    private final InetSocketAddress target;
    private final DomainName hostname;
    private final Socket plain = new Socket();
    private Socket used = plain;

    EncryptedSocket(InetSocketAddress target, DomainName hostname) {
      this.target = target;
      this.hostname = hostname;
    }

    @Override
    public void connect(SocketAddress ignored) throws IOException {
      connect(ignored, 0);
    }

    @Override
    public void connect(SocketAddress ignored, int timeoutMillis) throws IOException {
      try {
        plain.connect(target, timeoutMillis);
        used = handshake(plain, hostname);
      } catch (IOException e) {
        plain.close();
        throw e;
      }
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return used.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return used.getOutputStream();
    }

    @Override
    public void setSoTimeout(int timeoutMillis) throws SocketException {
      plain.setSoTimeout(timeoutMillis);
    }

    @Override
    public int getSoTimeout() throws SocketException {
      return plain.getSoTimeout();
    }

    @Override
    public boolean isConnected() {
      return plain.isConnected();
    }

    @Override
    public boolean isClosed() {
      return plain.isClosed();
    }

    @Override
    public InetAddress getInetAddress() {
      return target.getAddress();
    }

    @Override
    public void close() throws IOException {
      used.close();
    }
  }

  private static final class NameVerifyingFactory extends SSLSocketFactory {
    private final SSLSocketFactory delegate;
    private final SocketFactory plain;
    private final DomainName hostname;

    NameVerifyingFactory(SSLSocketFactory delegate, InetSocketAddress target, DomainName hostname) {
      this.plain = plainSockets(target);
      this.delegate = delegate;
      this.hostname = hostname;
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose)
        throws IOException {
      var socket = (SSLSocket) delegate.createSocket(connected, hostname.value(), port, autoClose);
      verifyName(socket);
      return socket;
    }

    @Override
    public Socket createSocket() throws IOException {
      return plain.createSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return plain.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return plain.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return plain.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return plain.createSocket(host, port);
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return delegate.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return delegate.getSupportedCipherSuites();
    }
  }
}
