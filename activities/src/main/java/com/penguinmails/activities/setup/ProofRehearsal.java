package com.penguinmails.activities.setup;

import com.penguinmails.activities.failure.Area;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.store.setup.Plan;
import com.penguinmails.store.setup.Plan.Source;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.setup.ProofActivities;
import com.penguinmails.workflows.setup.ProofVerdict;
import java.util.List;
import java.util.TreeSet;

/// The proof, foretold: there is no server to look at. Of a tenant's own server the reverse name is
/// read, because only they can set it.
public final class ProofRehearsal implements ProofActivities {
  private final RehearsalBook book;
  private final Resolver resolver;

  public ProofRehearsal(RehearsalBook book, Resolver resolver) {
    this.book = book;
    this.resolver = resolver;
  }

  @Override
  public ProofSent send(SendProof order) {
    book.effect(order, "One message goes from the new mailbox to our probe mailbox.");
    book.step(order, "The new server must take a real message on port 587.");
    return new ProofSent("rehearsal-" + order.setup());
  }

  @Override
  public ProofJudged receive(ReceiveProof order) {
    book.step(order, "Must pass: " + String.join(", ", new TreeSet<>(ProofVerdict.REQUIRED)));
    return new ProofJudged(
        new TreeSet<>(ProofVerdict.REQUIRED)
            .stream().map(name -> ProofCheck.passed(name, "foretold")).toList());
  }

  @Override
  public ProofJudged inspect(InspectServer order) {
    var plan = book.plan(order.tenant(), order.setup().value());
    if (plan.wish().server() instanceof Source.Own own) {
      checkReverseName(order, plan, own);
    }
    book.step(order, "TLS on four ports, names and open relay are looked at from outside.");
    return new ProofJudged(List.of());
  }

  private void checkReverseName(InspectServer order, Plan plan, Source.Own own) {
    var hostname = plan.wish().hostname().value();
    var names =
        book.read(
            order,
            Area.DNS,
            () ->
                resolver.askRecursive(own.address().reverseName(), DnsRecord.Type.PTR).stream()
                    .map(Resolver.ServerAnswer::answer)
                    .filter(Resolver.Answer.Found.class::isInstance)
                    .flatMap(answer -> ((Resolver.Answer.Found) answer).records().stream())
                    .map(DnsRecord::value)
                    .distinct()
                    .toList());
    if (names.isPresent() && !names.get().contains(hostname)) {
      book.obstacle(
          order.tenant(),
          order.setup().value(),
          Cause.PROOF_REVERSE_NAME_WRONG,
          "%s points back to %s; it must be %s"
              .formatted(
                  own.address(),
                  names.get().isEmpty() ? "nothing" : String.join(", ", names.get()),
                  hostname));
    }
  }
}
