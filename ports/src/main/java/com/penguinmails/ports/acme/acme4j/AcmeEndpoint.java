package com.penguinmails.ports.acme.acme4j;

import com.penguinmails.ports.acme.CertificateKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/// How the CA is reached: its directory, whom to trust there, and how long to wait. One HTTP client
/// serves all calls.
final class AcmeEndpoint extends GenericAcmeProvider {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final URI directory;

  /// @param trustedRootPem trusted instead of the usual roots, and for this endpoint only
  AcmeEndpoint(URI directory, Optional<String> trustedRootPem) {
    this.directory = directory;
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT_TIMEOUT);
    trustedRootPem.ifPresent(pem -> builder.sslContext(trusting(pem)));
    this.client = builder.build();
  }

  @Override
  public HttpClient createHttpClient(NetworkSettings settings) {
    return client;
  }

  @Override
  public Connection connect(URI server, NetworkSettings settings, HttpClient httpClient) {
    return new ReadableConnection(createHttpConnector(settings, httpClient), directory.getHost());
  }

  private static SSLContext trusting(String rootPem) {
    try {
      var roots = KeyStore.getInstance(KeyStore.getDefaultType());
      char @Nullable [] noPassword = null;
      roots.load(null, noPassword);
      int number = 0;
      for (var root : CertificateKeys.chain(rootPem)) {
        roots.setCertificateEntry("root-" + number++, root);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(roots);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("trusted root of the ACME endpoint not loaded", e);
    }
  }
}
