package com.penguinmails.ports.acme;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A CA that speaks ACME (RFC 8555) with the DNS-01 challenge. Keys come in and go out as PEM;
/// nothing is kept. Every method throws `Unavailable`, `RateLimited` (until when) or `Refused` with
/// the CA's own problem text, and may be repeated.
public interface CertificateAuthority {
  /// The value in a CAA `issue` property that allows this CA, such as `letsencrypt.org` (RFC 8659).
  String caaIdentity();

  /// Registers the account, or finds it again: the same key gives the same account. A CA that lost
  /// its memory registers it anew.
  ///
  /// @param accountKeyPem PKCS#8 EC P-256
  URI account(String accountKeyPem);

  /// Opens an order. Not idempotent at the CA, but an unused order costs nothing and expires.
  Order order(String accountKeyPem, List<DomainName> names);

  /// Where the order stands; asks the CA to validate what is pending once `validate` is set. An
  /// order the CA no longer knows is INVALID.
  Order look(String accountKeyPem, URI order, boolean validate);

  /// Sends the signing request of a READY order, or fetches the chain of a VALID one.
  ///
  /// @param certificateKeyPem PKCS#8 EC P-256 or RSA
  /// @return empty while the CA is still at work
  /// @throws com.penguinmails.workflows.model.OutsideException.Refused the order is pending,
  ///   invalid or forgotten, or was completed with another key: a new one is needed
  Optional<Issued> complete(String accountKeyPem, URI order, String certificateKeyPem);

  /// When the CA suggests renewing (ARI, RFC 9773), else when two thirds of the lifetime are over.
  Instant renewAfter(String chainPem);

  /// @param status of RFC 8555, 7.1.6
  /// @param challenges complete while PENDING; afterwards a CA need not list them any more, so
  ///   whoever shows them remembers them to take them away again
  /// @param problem the CA's words for an invalid order or authorisation
  record Order(URI url, Status status, List<Challenge> challenges, Optional<String> problem) {
    public Order {
      challenges = List.copyOf(challenges);
    }

    /// States of an order.
    public enum Status {
      PENDING,
      READY,
      PROCESSING,
      VALID,
      INVALID
    }
  }

  /// A TXT record the CA wants to see. Two names may share one owner name: both values are needed.
  record Challenge(RecordName name, String value) {}

  /// @param chainPem leaf first, without the root
  record Issued(String chainPem, Instant notBefore, Instant notAfter) {}
}
