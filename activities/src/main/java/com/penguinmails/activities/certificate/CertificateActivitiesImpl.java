package com.penguinmails.activities.certificate;

import com.penguinmails.activities.domain.ZoneWriter;
import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.secret.SecretFields;
import com.penguinmails.activities.setup.Decided;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.acme.CertificateAuthority;
import com.penguinmails.ports.acme.CertificateAuthority.Challenge;
import com.penguinmails.ports.acme.CertificateAuthority.Order;
import com.penguinmails.ports.acme.CertificateKeys;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.certificate.CertificateStore.Certificate;
import com.penguinmails.store.certificate.ChallengeStore;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.workflows.certificate.CaaDecision;
import com.penguinmails.workflows.certificate.CertificateActivities;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// See [CertificateActivities].
public final class CertificateActivitiesImpl implements CertificateActivities {
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);
  private static final URI ISSUED = URI.create("urn:penguin:issued"); // in place of an order
  private static final Integer DNS_NAME = 2; // RFC 5280, 4.2.1.6: dNSName

  private final Stores stores;
  private final SecretStore secrets;
  private final CertificateAuthority authority;
  private final Resolver resolver;
  private final Challenges challenges;

  public CertificateActivitiesImpl(
      Stores stores,
      SecretStore secrets,
      CertificateAuthority authority,
      ZoneWriter zones,
      Resolver resolver) {
    this.stores = stores;
    this.secrets = secrets;
    this.authority = authority;
    this.resolver = resolver;
    this.challenges = new Challenges(stores, zones, resolver);
  }

  @Override
  public CertificateFacts facts(ReadCertificate order) {
    return stores
        .tenancy()
        .reading(
            order.tenant(),
            () -> {
              var certificate = stores.certificates().get(order.certificate());
              boolean isRetireWanted = stores.retirements().isWanted(order.certificate());
              return new CertificateFacts(
                  certificate.desiredVersion() + (isRetireWanted ? 1 : 0),
                  certificate.goodUntil(),
                  stores.servers().get(certificate.server()).desiredVersion(),
                  isRetireWanted,
                  certificate.state().name().equals("RETIRED"),
                  stores.incidents().isStuck(order.certificate().value()));
            });
  }

  @Override
  public CaaChecked checkCaa(CheckCaa order) {
    var certificate = certificate(order.tenant(), order.certificate());
    var account = authority.account(accountKey(order.tenant(), order.certificate()));
    var issuance = new CaaDecision.Issuance(authority.caaIdentity(), Optional.of(account), false);
    for (var name : certificate.orderableNames()) {
      switch (CaaDecision.on(name, caaOf(resolver, name), issuance)) {
        case CaaDecision.Allowed allowed -> {}
        case CaaDecision.Forbidden no -> {
          return new CaaChecked(false, no.cause() + " " + no.nextStep());
        }
        case CaaDecision.Unknown unknown ->
            throw Failures.notYet(
                Cause.DNS_UNREACHABLE,
                unknown.cause() + " " + unknown.nextStep(),
                Duration.ofSeconds(10));
      }
    }
    return new CaaChecked(true, "No CAA record of the domain forbids " + authority.caaIdentity());
  }

  static List<CaaDecision.Answer> caaOf(Resolver resolver, DomainName name) {
    return CaaDecision.climb(name).stream().map(above -> caaAt(resolver, above)).toList();
  }

  private static CaaDecision.Answer caaAt(Resolver resolver, RecordName name) {
    CaaDecision.Answer worst = new CaaDecision.Answer.Absent(name);
    for (var answer : resolver.askRecursive(name, DnsRecord.Type.CAA)) {
      switch (answer.answer()) {
        case Resolver.Answer.Found found -> {
          return new CaaDecision.Answer.Found(
              name, found.records().stream().map(DnsRecord::value).toList());
        }
        case Resolver.Answer.Failed failed ->
            worst = new CaaDecision.Answer.Failed(name, answer.server() + ": " + failed.reason());
        case Resolver.Answer.Absent absent -> {}
        case Resolver.Answer.Alias alias -> {}
      }
    }
    return worst;
  }

  @Override
  public Ordered order(OpenOrder order) {
    var certificate = certificate(order.tenant(), order.certificate());
    if (isGoodStill(certificate)) {
      return new Ordered(ISSUED, List.of(), List.of());
    }
    if (certificate.orderableNames().isEmpty()) {
      throw Failures.refused(
          Cause.DOMAIN_PROOF_MISSING,
          "No domain of the certificate's names (%s) is proved to be the tenant's at the moment."
              .formatted(certificate.names()));
    }
    var account = accountKey(order.tenant(), order.certificate());
    authority.account(account);
    var known =
        certificate
            .order()
            .filter(_ -> certificate.orderedNames().equals(certificate.orderableNames()))
            .map(url -> authority.look(account, url, false));
    var usable = known.filter(open -> open.status() != Order.Status.INVALID);
    var opened = usable.orElseGet(() -> open(order, certificate, account));
    var records = opened.challenges().stream().map(CertificateActivitiesImpl::recordOf).toList();
    challenges.hideLeft(order.tenant(), order.certificate(), records);
    stores
        .tenancy()
        .run(
            order.tenant(),
            () -> stores.challenges().allow(order.certificate(), order.setup(), records));
    return new Ordered(
        opened.url(),
        certificate.orderableNames().stream().map(DomainName::value).toList(),
        records);
  }

  /// Whoever wants it ordered all the same has an older copy of Temporal's data, from before the
  /// issue. Clocks differ by less.
  private static boolean isGoodStill(Certificate certificate) {
    return certificate.order().isEmpty()
        && certificate.goodUntil().filter(Instant.now().plus(CLOCKS_DIFFER)::isBefore).isPresent();
  }

  private Order open(OpenOrder order, Certificate certificate, String account) {
    var key =
        secrets.putIfAbsent(
            order.tenant(),
            "certificate/%s/key-%d".formatted(certificate.id(), certificate.issues() + 1),
            Map.of("pem", CertificateKeys.generate()));
    var opened = authority.order(account, certificate.orderableNames());
    stores
        .tenancy()
        .run(
            order.tenant(),
            () ->
                stores
                    .certificates()
                    .recordOrder(
                        order.certificate(), opened.url(), key, certificate.orderableNames()));
    return opened;
  }

  @Override
  public ChallengesShown showChallenges(ShowChallenges order) {
    challenges.show(order);
    return new ChallengesShown(order.challenges().size());
  }

  @Override
  public Authorised authorise(Authorise order) {
    if (isGoodStill(certificate(order.tenant(), order.certificate()))) {
      return new Authorised();
    }
    var looked =
        authority.look(accountKey(order.tenant(), order.certificate()), order.order(), true);
    return switch (looked.status()) {
      case READY, PROCESSING, VALID -> new Authorised();
      case PENDING ->
          throw Failures.notYet(
              Cause.CA_AUTHORISATION_FAILED,
              "The certificate authority has not looked at every challenge yet.",
              order.poll());
      case INVALID -> throw givenUp(order.tenant(), order.certificate(), looked);
    };
  }

  private ApplicationFailure givenUp(TenantId tenant, CertificateId id, Order looked) {
    stores.tenancy().run(tenant, () -> stores.certificates().forgetOrder(id));
    return Failures.refused(
        Cause.CA_AUTHORISATION_FAILED,
        looked.problem().orElse("The certificate authority gave no reason."));
  }

  @Override
  public Issued complete(CompleteOrder order) {
    var certificate = certificate(order.tenant(), order.certificate());
    if (certificate.key().isEmpty() && certificate.secret().isPresent()) {
      return issuedBefore(order.tenant(), certificate);
    }
    var key = certificate.key().orElseThrow();
    var keyPem = SecretFields.read(secrets, order.tenant(), key, "pem");
    var issued =
        authority
            .complete(accountKey(order.tenant(), order.certificate()), order.order(), keyPem)
            .orElseThrow(() ->
                Failures.notYet(
                    Cause.CA_UNREACHABLE,
                    "The certificate authority is still making the certificate.",
                    order.poll()));
    // Before it is written: with a certificate in the row nobody orders, and hides, again.
    challenges.hideLeft(order.tenant(), order.certificate(), List.of());
    var fingerprint = fingerprint(issued.chainPem());
    var renewAfter = authority.renewAfter(issued.chainPem());
    var secret =
        secrets.putIfAbsent(
            order.tenant(),
            "certificate/%s/issued-%s".formatted(order.certificate(), fingerprint.substring(0, 16)),
            Map.of("chain", issued.chainPem(), "key", keyPem));
    return stores
        .tenancy()
        .as(
            order.tenant(),
            () -> {
              var known = stores.certificates().get(order.certificate());
              var server = known.server();
              if (known.issuedFingerprint().equals(Optional.of(fingerprint))) {
                return issued(known, stores.servers().get(server).desiredVersion());
              }
              stores
                  .certificates()
                  .recordIssued(
                      order.certificate(),
                      new com.penguinmails.store.certificate.CertificateStore.Issued(
                          secret,
                          issued.notBefore(),
                          issued.notAfter(),
                          renewAfter,
                          fingerprint,
                          namesOf(issued.chainPem())));
              Decided.record(
                  stores,
                  EntityKind.CERTIFICATE,
                  order.certificate().value(),
                  "renewal",
                  Map.of("fingerprint", fingerprint, "validUntil", issued.notAfter().toString()),
                  Answer.RENEWAL_SET.about(renewAfter.toString()));
              return issued(
                  stores.certificates().get(order.certificate()),
                  stores.servers().bumpDesiredVersion(server));
            });
  }

  /// By an attempt that died before it could say so: the row no longer has an order.
  private Issued issuedBefore(TenantId tenant, Certificate certificate) {
    long version =
        stores
            .tenancy()
            .reading(tenant, () -> stores.servers().get(certificate.server()).desiredVersion());
    return issued(certificate, version);
  }

  /// A domain that became the tenant's meanwhile makes it due again at once.
  private static Issued issued(Certificate certificate, long serverVersion) {
    return new Issued(
        certificate.notAfter().orElseThrow(),
        certificate.goodUntil().orElseGet(Instant::now),
        serverVersion);
  }

  @Override
  public void hideChallenges(HideChallenges order) {
    challenges.hide(order.tenant(), order.certificate(), order.setup(), order.challenges());
  }

  @Override
  public void retire(RetireCertificate order) {
    challenges.hideLeft(order.tenant(), order.certificate(), List.of());
    stores.tenancy().run(order.tenant(), () -> stores.certificates().retire(order.certificate()));
  }

  private static DnsRecord recordOf(Challenge challenge) {
    return new DnsRecord(
        challenge.name(), DnsRecord.Type.TXT, challenge.value(), ChallengeStore.TTL);
  }

  private String accountKey(TenantId tenant, CertificateId id) {
    var reference = certificate(tenant, id).account().orElseGet(() -> makeAccountKey(tenant, id));
    return SecretFields.read(secrets, tenant, reference, "pem");
  }

  /// One account for all certificates of a tenant: authorities limit new accounts, and a CAA record
  /// may name the account (RFC 8657, section 3).
  private SecretRef makeAccountKey(TenantId tenant, CertificateId id) {
    var reference =
        secrets.putIfAbsent(tenant, "acme/account", Map.of("pem", CertificateKeys.generate()));
    stores.tenancy().run(tenant, () -> stores.certificates().recordAccount(id, reference));
    return reference;
  }

  private Certificate certificate(TenantId tenant, CertificateId id) {
    return stores.tenancy().reading(tenant, () -> stores.certificates().get(id));
  }

  private static List<DomainName> namesOf(String chainPem) {
    try {
      return CertificateKeys.chain(chainPem).getFirst().getSubjectAlternativeNames().stream()
          .filter(name -> name.getFirst().equals(DNS_NAME))
          .map(name -> new DomainName(name.get(1).toString()))
          .toList();
    } catch (CertificateParsingException e) {
      throw new IllegalStateException("the authority issued a certificate without names", e);
    }
  }

  private static String fingerprint(String chainPem) {
    try {
      var leaf = CertificateKeys.chain(chainPem).getFirst();
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded()));
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("every JDK has SHA-256 and encodes certificates", e);
    }
  }
}
