package com.penguinmails.activities.certificate;

import com.penguinmails.activities.failure.Area;
import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.setup.RehearsalBook;
import com.penguinmails.ports.acme.CertificateAuthority;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.store.setup.Plan.Wish;
import com.penguinmails.workflows.certificate.CaaDecision;
import com.penguinmails.workflows.certificate.CertificateActivities;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A certificate that is rehearsed: CAA is read, the authority is asked for nothing; not even an
/// account is opened there.
public final class CertificateRehearsal implements CertificateActivities {
  private static final String ISSUED = "certificate/issue";
  private static final Duration USUAL_LIFE = Duration.ofDays(90); // stands for the real one

  private final RehearsalBook book;
  private final CertificateAuthority authority;
  private final Resolver resolver;

  public CertificateRehearsal(
      RehearsalBook book, CertificateAuthority authority, Resolver resolver) {
    this.book = book;
    this.authority = authority;
    this.resolver = resolver;
  }

  @Override
  public CertificateFacts facts(ReadCertificate order) {
    boolean isIssued = book.isDone(order.tenant(), order.certificate().value(), ISSUED);
    return new CertificateFacts(
        1,
        isIssued ? Optional.of(Instant.now().plus(USUAL_LIFE)) : Optional.empty(),
        isIssued ? 2 : 1,
        false,
        false,
        false);
  }

  @Override
  public CaaChecked checkCaa(CheckCaa order) {
    var wish = book.plan(order.tenant(), order.setup().value()).wish();
    var issuance = new CaaDecision.Issuance(authority.caaIdentity(), Optional.empty(), false);
    var against =
        book.read(
            order,
            Area.DNS,
            () ->
                wish.names().stream()
                    .flatMap(name -> against(name, issuance).stream())
                    .findFirst()
                    .orElse(""));
    var said = "No CAA record of the domain forbids " + authority.caaIdentity();
    if (against.isPresent() && !against.get().isEmpty()) {
      said = against.get();
      book.obstacle(order.tenant(), order.setup().value(), Cause.CA_FORBIDDEN_BY_CAA, said);
    }
    book.step(order, against.isPresent() ? said : "CAA could not be read.");
    return new CaaChecked(true, said);
  }

  private Optional<String> against(DomainName name, CaaDecision.Issuance issuance) {
    return switch (CaaDecision.on(
        name, CertificateActivitiesImpl.caaOf(resolver, name), issuance)) {
      case CaaDecision.Allowed _ -> Optional.empty();
      case CaaDecision.Forbidden no -> Optional.of(no.cause() + " " + no.nextStep());
      case CaaDecision.Unknown unknown ->
          throw Failures.notYet(
              Cause.DNS_UNREACHABLE,
              unknown.cause() + " " + unknown.nextStep(),
              Duration.ofSeconds(1));
    };
  }

  @Override
  public Ordered order(OpenOrder order) {
    var wish = book.plan(order.tenant(), order.setup().value()).wish();
    var names = wish.names().stream().map(DomainName::value).toList();
    book.effect(
        order,
        "One certificate is ordered from %s, for %s."
            .formatted(authority.caaIdentity(), String.join(", ", names)));
    book.step(order, "Ordered for " + String.join(", ", names) + ".");
    return new Ordered(
        URI.create("rehearsal:" + order.certificate()),
        names,
        wish.names().stream().map(CertificateRehearsal::challenge).toList());
  }

  private static DnsRecord challenge(DomainName name) {
    return new DnsRecord(
        RecordName.of("_acme-challenge", name), DnsRecord.Type.TXT, "<from the authority>", 60);
  }

  @Override
  public ChallengesShown showChallenges(ShowChallenges order) {
    var wish = book.plan(order.tenant(), order.setup().value()).wish();
    order
        .challenges()
        .forEach(record -> book.effect(order, "For as long as the authority looks: " + record));
    book.step(order, whoWrites(wish, order.challenges().size()));
    return new ChallengesShown(order.challenges().size());
  }

  private static String whoWrites(Wish wish, int records) {
    return wish.zoneProvider().equals("manual")
        ? "You enter %d challenge records by hand.".formatted(records)
        : "%d challenge records are written, and taken away again.".formatted(records);
  }

  @Override
  public Authorised authorise(Authorise order) {
    book.step(order, "The authority looks at every challenge.");
    return new Authorised();
  }

  @Override
  public Issued complete(CompleteOrder order) {
    book.step(order, "The certificate is fetched, and renewed before it ends.");
    var ends = Instant.now().plus(USUAL_LIFE);
    return new Issued(ends, ends, 2);
  }

  @Override
  public void hideChallenges(HideChallenges order) {
    // said where they are shown
  }

  @Override
  public void retire(RetireCertificate order) {
    throw new IllegalStateException("a rehearsal ordered no certificate to end");
  }
}
