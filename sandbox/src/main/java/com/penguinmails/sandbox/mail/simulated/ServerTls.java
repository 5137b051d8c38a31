package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.ports.acme.CertificateKeys;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Certificate;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// The server's side of TLS with one certificate.
final class ServerTls {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"}; // RFC 8996
  private static final char[] IN_MEMORY = "in memory only".toCharArray();

  private final SSLContext context;

  private ServerTls(SSLContext context) {
    this.context = context;
  }

  /// @throws IllegalArgumentException key and chain cannot be read or do not belong together
  static ServerTls of(Certificate certificate) {
    try {
      var chain = CertificateKeys.chain(certificate.chainPem()).toArray(new X509Certificate[0]);
      var key = CertificateKeys.read(certificate.keyPem());
      if (!key.getPublic().equals(chain[0].getPublicKey())) {
        throw new IllegalArgumentException("key and chain do not belong together");
      }
      var store = KeyStore.getInstance("JKS"); // PKCS#12 would stretch a password for nothing
      store.load(null, IN_MEMORY);
      store.setKeyEntry("server", key.getPrivate(), IN_MEMORY, chain);
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, IN_MEMORY);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return new ServerTls(context);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("certificate and key cannot be used", e);
    }
  }

  /// Puts TLS over the connection; returns after the handshake.
  SSLSocket over(Socket plain) throws IOException {
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
    socket.setUseClientMode(false);
    socket.setEnabledProtocols(PROTOCOLS);
    socket.startHandshake();
    return socket;
  }
}
