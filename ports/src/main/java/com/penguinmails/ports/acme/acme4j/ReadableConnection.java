package com.penguinmails.ports.acme.acme4j;

import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.io.IOException;
import java.net.URL;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.exception.AcmeProtocolException;

/// Tells "slow down", "out of order" and "not known" from other answers by the HTTP status when no
/// problem document comes with them, as front ends and load balancers answer. acme4j alone would
/// lose the status and `Retry-After`.
final class ReadableConnection extends DefaultConnection {
  static final int NOT_FOUND = 404;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int FIRST_SERVER_ERROR = 500;
  private static final String PROBLEM = "application/problem+json"; // RFC 7807

  private final String server;

  ReadableConnection(HttpConnector connector, String server) {
    super(connector);
    this.server = server;
  }

  @Override
  protected void sendRequest(Session session, URL url, Consumer<HttpRequest.Builder> body)
      throws IOException {
    super.sendRequest(session, url, body);
    var response = lastResponse;
    if (response == null) {
      return;
    }
    int status = response.statusCode();
    var type = response.headers().firstValue("Content-Type").orElse("");
    boolean isReadable =
        status != NOT_FOUND && status != TOO_MANY_REQUESTS && status < FIRST_SERVER_ERROR;
    if (isReadable || type.startsWith(PROBLEM)) {
      return;
    }
    var message =
        "%s answered HTTP %d to %s without saying why".formatted(server, status, url.getPath());
    if (status == NOT_FOUND) {
      throw new Problems.NotFound(message);
    }
    var wait = retryAfterOrNone();
    if (status == TOO_MANY_REQUESTS || wait.isPositive()) {
      throw new RateLimited(message, wait.isPositive() ? wait : Problems.DEFAULT_WAIT);
    }
    throw new Unavailable(message);
  }

  private Duration retryAfterOrNone() {
    try {
      return getRetryAfter()
          .map(until -> Duration.between(Instant.now(), until))
          .orElse(Duration.ZERO);
    } catch (AcmeProtocolException e) {
      return Duration.ZERO; // unreadable: as good as none
    }
  }
}
