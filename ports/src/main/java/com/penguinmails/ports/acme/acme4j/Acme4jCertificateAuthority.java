package com.penguinmails.ports.acme.acme4j;

import static com.penguinmails.ports.acme.acme4j.Problems.asking;

import com.penguinmails.ports.acme.CertificateAuthority;
import com.penguinmails.ports.acme.CertificateKeys;
import com.penguinmails.ports.secret.Pem;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.RecordName;
import java.math.BigInteger;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNotSupportedException;

/// Any RFC 8555 CA. Each call signs in with the account key first, which finds the account or, when
/// the CA lost its memory, makes it again: no state of ours can be out of step with the CA's.
public final class Acme4jCertificateAuthority implements CertificateAuthority {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String CHALLENGE_LABEL = "_acme-challenge"; // RFC 8555, 8.4

  private final URI directory;
  private final String caaIdentity;
  private final AcmeEndpoint endpoint;

  /// A CA whose endpoint has a certificate of the public web.
  public Acme4jCertificateAuthority(URI directory, String caaIdentity) {
    this(directory, caaIdentity, Optional.empty());
  }

  /// @param directory the directory's URL
  /// @param caaIdentity what CAA records call this CA
  /// @param trustedRootPem the only roots trusted at the endpoint, as for Pebble or a CA in-house;
  ///   empty: those of Java
  public Acme4jCertificateAuthority(
      URI directory, String caaIdentity, Optional<String> trustedRootPem) {
    this.directory = directory;
    this.caaIdentity = caaIdentity;
    this.endpoint = new AcmeEndpoint(directory, trustedRootPem);
  }

  @Override
  public String caaIdentity() {
    return caaIdentity;
  }

  @Override
  public URI account(String accountKeyPem) {
    return uri(login(accountKeyPem).getAccountLocation());
  }

  @Override
  public Order order(String accountKeyPem, List<DomainName> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("an order without names");
    }
    var login = login(accountKeyPem);
    return asking(
        "opening an order for %s at %s".formatted(names, directory.getHost()),
        () ->
            answer(
                login.newOrder().domains(names.stream().map(DomainName::value).toList()).create()));
  }

  @Override
  public Order look(String accountKeyPem, URI order, boolean validate) {
    var login = login(accountKeyPem);
    return asking(
        "looking at order %s at %s".formatted(order.getPath(), directory.getHost()),
        () -> {
          var found = login.bindOrder(url(order));
          try {
            found.fetch();
          } catch (AcmeException | Problems.NotFound e) {
            if (Problems.isNotFound(e)) {
              return forgotten(order);
            }
            throw e;
          }
          if (validate) {
            for (var authorization : found.getAuthorizations()) {
              trigger(authorization);
            }
            found.fetch();
          }
          return answer(found);
        });
  }

  @Override
  public Optional<Issued> complete(String accountKeyPem, URI order, String certificateKeyPem) {
    var login = login(accountKeyPem);
    var key = CertificateKeys.read(certificateKeyPem);
    return asking(
        "completing order %s at %s".formatted(order.getPath(), directory.getHost()),
        () -> {
          var found = login.bindOrder(url(order));
          found.fetch();
          if (status(found) == Order.Status.READY) {
            found.execute(CertificateKeys.signingRequest(key, names(found)));
            found.fetch();
          }
          return switch (status(found)) {
            case VALID -> Optional.of(issued(found, key));
            case READY, PROCESSING -> Optional.empty();
            case PENDING ->
                throw new Refused(
                    "order %s is still pending: its names must be validated first"
                        .formatted(order.getPath()));
            case INVALID ->
                throw new Refused(
                    "order %s is invalid: %s"
                        .formatted(
                            order.getPath(), problem(found).orElse("the CA gave no reason")));
          };
        });
  }

  @Override
  public Instant renewAfter(String chainPem) {
    var leaf = CertificateKeys.chain(chainPem).getFirst();
    return asking(
        "asking %s when to renew".formatted(directory.getHost()),
        () -> suggested(leaf).orElseGet(() -> twoThirds(leaf)));
  }

  // ARI needs no account, but acme4j asks by way of one: an account that nobody has.
  private Optional<Instant> suggested(X509Certificate leaf) throws AcmeException {
    var nobody = session().login(url(directory), CertificateKeys.read(CertificateKeys.generate()));
    RenewalInfo info;
    try {
      info = nobody.bindRenewalInfo(leaf);
      info.fetch();
    } catch (AcmeNotSupportedException e) {
      return Optional.empty();
    } catch (AcmeException | Problems.NotFound e) {
      if (Problems.isRefusal(e)) {
        return Optional.empty(); // not a certificate this CA knows, as after losing its memory
      }
      throw e;
    }
    return Optional.of(within(info.getSuggestedWindowStart(), info.getSuggestedWindowEnd(), leaf));
  }

  // RFC 9773, 4.2 asks for a random time in the window, so that certificates renew spread out. The
  // serial number is random and gives the same answer when asked again.
  private static Instant within(Instant start, Instant end, X509Certificate leaf) {
    long seconds = Math.max(1, Duration.between(start, end).toSeconds());
    return start.plusSeconds(leaf.getSerialNumber().mod(BigInteger.valueOf(seconds)).longValue());
  }

  private static Instant twoThirds(X509Certificate leaf) {
    var from = leaf.getNotBefore().toInstant();
    var lifetime = Duration.between(from, leaf.getNotAfter().toInstant());
    return from.plus(lifetime.multipliedBy(2).dividedBy(3));
  }

  private Login login(String accountKeyPem) {
    var key = CertificateKeys.read(accountKeyPem);
    return asking(
        "signing in at " + directory.getHost(),
        () -> new AccountBuilder().agreeToTermsOfService().useKeyPair(key).createLogin(session()));
  }

  // A session each: acme4j lets one request at a time through a session, and a slow one would hold
  // up all others.
  private Session session() {
    var session = new Session(directory, endpoint);
    session.networkSettings().setTimeout(TIMEOUT);
    return session;
  }

  private static void trigger(Authorization authorization) throws AcmeException {
    if (authorization.getStatus() == org.shredzone.acme4j.Status.PENDING) {
      var challenge = dns01(authorization);
      if (challenge.getStatus() == org.shredzone.acme4j.Status.PENDING) {
        challenge.trigger();
      }
    }
  }

  private static Dns01Challenge dns01(Authorization authorization) {
    return authorization
        .findChallenge(Dns01Challenge.class)
        .orElseThrow(() ->
            new Refused(
                "the CA offers no DNS-01 challenge for "
                    + authorization.getIdentifier().getDomain()));
  }

  private static Order answer(org.shredzone.acme4j.Order order) {
    var challenges = new ArrayList<Challenge>();
    for (var authorization : order.getAuthorizations()) {
      if (authorization.getStatus() == org.shredzone.acme4j.Status.PENDING) {
        var name = new DomainName(authorization.getIdentifier().getDomain());
        challenges.add(
            new Challenge(RecordName.of(CHALLENGE_LABEL, name), dns01(authorization).getDigest()));
      }
    }
    return new Order(uri(order.getLocation()), status(order), challenges, problem(order));
  }

  private static Order forgotten(URI order) {
    return new Order(
        order,
        Order.Status.INVALID,
        List.of(),
        Optional.of("the CA no longer knows this order; a new one is needed"));
  }

  private static Order.Status status(org.shredzone.acme4j.Order order) {
    return switch (order.getStatus()) {
      case PENDING -> Order.Status.PENDING;
      case READY -> Order.Status.READY;
      case PROCESSING -> Order.Status.PROCESSING;
      case VALID -> Order.Status.VALID;
      case INVALID, REVOKED, DEACTIVATED, EXPIRED, CANCELED, UNKNOWN -> Order.Status.INVALID;
    };
  }

  // The reason stands at the challenge that failed; the order often says no more than that one did.
  private static Optional<String> problem(org.shredzone.acme4j.Order order) {
    if (status(order) != Order.Status.INVALID) {
      return Optional.empty();
    }
    var reasons = new ArrayList<String>();
    for (var authorization : order.getAuthorizations()) {
      for (var challenge : authorization.getChallenges()) {
        challenge
            .getError()
            .map(Problems::words)
            .map(words -> authorization.getIdentifier().getDomain() + ": " + words)
            .ifPresent(reasons::add);
      }
    }
    if (reasons.isEmpty()) {
      order.getError().map(Problems::words).ifPresent(reasons::add);
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  private static List<DomainName> names(org.shredzone.acme4j.Order order) {
    return order.getIdentifiers().stream()
        .map(identifier -> new DomainName(identifier.getDomain()))
        .toList();
  }

  private static Issued issued(org.shredzone.acme4j.Order order, KeyPair key) throws AcmeException {
    var certificate = order.getCertificate();
    certificate.download();
    var leaf = certificate.getCertificate();
    if (!leaf.getPublicKey().equals(key.getPublic())) {
      throw new Refused(
          "order %s was completed with another key; open a new order"
              .formatted(order.getLocation().getPath()));
    }
    var chain = new StringBuilder();
    for (var link : certificate.getCertificateChain()) {
      chain.append(pem(link));
    }
    return new Issued(
        chain.toString(), leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
  }

  private static String pem(X509Certificate certificate) {
    try {
      return Pem.encode("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("certificate read but not written", e);
    }
  }

  private static URI uri(URL url) {
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the CA's URL is none: " + url, e);
    }
  }

  private static URL url(URI uri) {
    try {
      return uri.toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("not a URL: " + uri, e);
    }
  }
}
