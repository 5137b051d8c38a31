package com.penguinmails.ports.mail.smtp;

import com.penguinmails.ports.dns.ResolverLookup;
import com.penguinmails.ports.mail.MailProbe.Arrival;
import com.penguinmails.ports.mail.MailProbe.Expected;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.ProofCheck;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.Result;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.FailException;
import org.apache.james.jspf.executor.SynchronousSPFExecutor;
import org.apache.james.jspf.impl.SPF;

/// Judges one arrived message: signature, sender's address, alignment, and whether it is still what
/// was sent.
final class MessageJudgement {
  private static final int MAX_SIGNATURES = 5; // each costs a look-up the sender chooses

  private final ResolverLookup lookup;

  MessageJudgement(ResolverLookup lookup) {
    this.lookup = lookup;
  }

  List<ProofCheck> judge(Arrival arrival, Expected expected) {
    var parsed = ArrivedMessage.parse(arrival.raw());
    if (parsed.isEmpty()) {
      var why = "What arrived cannot be read as a message within our limits.";
      return List.of(
          ProofCheck.failed("dkim", why),
          ProofCheck.failed("spf", why),
          ProofCheck.failed("dmarc", why),
          ProofCheck.failed("unaltered", why));
    }
    var message = parsed.get();
    var signatures = verify(message);
    var spf = spf(message, arrival.probeHostname(), expected);
    return List.of(
        dkim(signatures, expected),
        spf.check(),
        dmarc(message, signatures, spf, expected),
        unaltered(message, signatures, expected));
  }

  private record Signatures(List<Result> results, String problem) {
    Optional<Result> of(String domain, String selector) {
      return results.stream()
          .filter(result -> result.getRecord() != null)
          .filter(result -> domain.contentEquals(result.getRecord().getDToken()))
          .filter(result -> selector.contentEquals(result.getRecord().getSelector()))
          .findFirst();
    }
  }

  private Signatures verify(ArrivedMessage message) {
    var count = message.all("DKIM-Signature").size();
    if (count > MAX_SIGNATURES) {
      return new Signatures(List.of(), "it carries " + count + " signatures");
    }
    var verifier = new DKIMVerifier(new DkimKeys(lookup));
    try {
      verifier.verify(new ByteArrayInputStream(message.octets()));
      return new Signatures(List.copyOf(verifier.getResults()), "it carries no signature");
    } catch (FailException | IOException | IllegalStateException e) {
      // Thrown when none is valid; the results tell which and why.
      return new Signatures(
          List.copyOf(verifier.getResults()), Evidence.clean(String.valueOf(e.getMessage())));
    }
  }

  private static ProofCheck dkim(Signatures signatures, Expected expected) {
    var wanted = expected.domain() + " with selector " + expected.selector();
    var ours = signatures.of(expected.domain().value(), expected.selector());
    if (ours.isEmpty()) {
      return ProofCheck.failed(
          "dkim", "No DKIM signature of %s: %s.".formatted(wanted, others(signatures)));
    }
    var result = ours.get();
    if (result.isSuccess()) {
      var headers = result.getRecord().getHeaders().stream().map(CharSequence::toString).toList();
      for (var needed : List.of("from", "subject", "date")) {
        if (headers.stream().noneMatch(needed::equalsIgnoreCase)) {
          return ProofCheck.failed(
              "dkim", "The DKIM signature of %s does not cover %s.".formatted(wanted, needed));
        }
      }
      return ProofCheck.passed("dkim", "DKIM signature of " + wanted + " is valid.");
    }
    var why = Evidence.clean(String.valueOf(result.getErrorMessage()));
    return result.getResultType() == Result.Type.TEMPERROR
        ? ProofCheck.unknown("dkim", "The DKIM key could not be asked for: " + why + ".")
        : ProofCheck.failed("dkim", "DKIM signature of " + wanted + " is not valid: " + why + ".");
  }

  private static String others(Signatures signatures) {
    var seen = new ArrayList<String>();
    for (var result : signatures.results()) {
      if (result.getRecord() != null) {
        seen.add(
            "signed by "
                + result.getRecord().getDToken()
                + " with selector "
                + result.getRecord().getSelector());
      }
    }
    return Evidence.clean(seen.isEmpty() ? signatures.problem() : String.join(", ", seen));
  }

  /// @param sender the domain SPF authenticated; empty unless it passed
  private record SpfOutcome(ProofCheck check, Optional<DomainName> sender) {}

  private SpfOutcome spf(ArrivedMessage message, DomainName probe, Expected expected) {
    var line = message.topmostReceived().flatMap(ReceivedLine::parse);
    if (line.isEmpty() || !line.get().by().equals(probe.value())) {
      return failedSpf("The topmost Received line was not written by " + probe + ".");
    }
    var client = line.get().client();
    var envelope = message.returnPath().flatMap(MessageJudgement::envelopeSender);
    if (envelope.isEmpty()) {
      return failedSpf(probe + " noted no envelope sender.");
    }
    var domain = envelope.get().domain();
    var dns = new SpfDns(lookup);
    var spf = new SPF(dns, new SynchronousSPFExecutor(dns));
    // RFC 7208, 2.4: judged by MAIL FROM; the HELO name only fills macros.
    var result =
        spf.checkSPF(client.value(), envelope.get().localPart() + "@" + domain, line.get().helo())
            .getResult();
    var seen = "%s, sending for %s, gets SPF \"%s\"".formatted(client, domain, result);
    if (result.equals("temperror")) {
      return new SpfOutcome(ProofCheck.unknown("spf", seen + "."), Optional.empty());
    }
    if (!result.equals("pass")) {
      return failedSpf(seen + ".");
    }
    if (!client.equals(expected.sendingAddress())) {
      return new SpfOutcome(
          ProofCheck.failed("spf", seen + ", but the server is " + expected.sendingAddress() + "."),
          Optional.of(domain));
    }
    return new SpfOutcome(ProofCheck.passed("spf", seen + "."), Optional.of(domain));
  }

  private static SpfOutcome failedSpf(String evidence) {
    return new SpfOutcome(ProofCheck.failed("spf", evidence), Optional.empty());
  }

  private record Envelope(String localPart, DomainName domain) {}

  private static Optional<Envelope> envelopeSender(String returnPath) {
    var at = returnPath.lastIndexOf('@');
    if (!returnPath.startsWith("<") || !returnPath.endsWith(">") || at < 2) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Envelope(
              returnPath.substring(1, at),
              DomainName.parse(returnPath.substring(at + 1, returnPath.length() - 1))));
    } catch (IllegalArgumentException notADomain) {
      return Optional.empty();
    }
  }

  private ProofCheck dmarc(
      ArrivedMessage message, Signatures signatures, SpfOutcome spf, Expected expected) {
    var from = author(message);
    if (from.isEmpty()) {
      return ProofCheck.failed("dmarc", "There is not exactly one From field with one address.");
    }
    if (!from.get().equals(expected.domain())) {
      return ProofCheck.failed(
          "dmarc",
          "The From address is at %s instead of %s.".formatted(from.get(), expected.domain()));
    }
    return switch (DmarcPolicy.search(lookup, from.get())) {
      case DmarcPolicy.Search.Unknown unknown ->
          ProofCheck.unknown(
              "dmarc",
              "The DMARC record could not be asked for: " + Evidence.clean(unknown.reason()));
      case DmarcPolicy.Search.None none ->
          ProofCheck.failed("dmarc", "DMARC has no policy: " + none.why() + ".");
      case DmarcPolicy.Search.Published published ->
          aligned(published.policy(), from.get(), signatures, spf);
    };
  }

  private static ProofCheck aligned(
      DmarcPolicy policy, DomainName from, Signatures signatures, SpfOutcome spf) {
    var byDkim =
        signatures.results().stream()
            .filter(Result::isSuccess)
            .map(result -> signer(result.getRecord()))
            .flatMap(Optional::stream)
            .anyMatch(signer -> policy.alignsDkim(from, signer));
    var bySpf = spf.sender().filter(sender -> policy.alignsSpf(from, sender)).isPresent();
    var rule = "%s (p=%s at %s)".formatted(from, policy.policy(), policy.publishedAt());
    if (!byDkim && !bySpf) {
      return ProofCheck.failed(
          "dmarc", "Neither DKIM nor SPF is valid and aligned with " + rule + ".");
    }
    return ProofCheck.passed(
        "dmarc",
        "Aligned with %s by %s."
            .formatted(rule, byDkim && bySpf ? "DKIM and SPF" : byDkim ? "DKIM" : "SPF"));
  }

  private static Optional<DomainName> signer(SignatureRecord signature) {
    try {
      return Optional.of(DomainName.parse(signature.getDToken().toString()));
    } catch (IllegalArgumentException notADomain) {
      return Optional.empty();
    }
  }

  /// The domain of the one author (RFC 7489, 6.6.1: anything else cannot be judged).
  private static Optional<DomainName> author(ArrivedMessage message) {
    try {
      var field = message.only("From");
      if (field.isEmpty()) {
        return Optional.empty();
      }
      var addresses = InternetAddress.parseHeader(field.get().strip(), true);
      if (addresses.length != 1 || addresses[0].isGroup()) {
        return Optional.empty();
      }
      var address = addresses[0].getAddress();
      return Optional.of(DomainName.parse(address.substring(address.lastIndexOf('@') + 1)));
    } catch (AddressException | IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private static ProofCheck unaltered(
      ArrivedMessage message, Signatures signatures, Expected expected) {
    var difference = ProofMessage.difference(message, expected.domain());
    if (difference.isPresent()) {
      return ProofCheck.failed(
          "unaltered", "The message was changed on the way: " + difference.get() + ".");
    }
    var signature = signatures.of(expected.domain().value(), expected.selector());
    if (signature.filter(result -> result.getRecord().getBodyHashLimit() >= 0).isPresent()) {
      return ProofCheck.failed(
          "unaltered", "The DKIM signature covers only a part of the text (l=).");
    }
    return ProofCheck.passed("unaltered", "Subject, Message-ID and text arrived as sent.");
  }
}
