package com.penguinmails.api.setup;

import com.penguinmails.api.message.Message;
import com.penguinmails.api.message.MessageCatalogue;
import com.penguinmails.store.setup.Plan;
import com.penguinmails.store.setup.Plan.Line;
import com.penguinmails.store.setup.Plan.Usual;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.SetupId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A plan as the API shows it.
///
/// @param state `READY` when it is whole
/// @param price of a month; absent for a server of one's own, and when it could not be read
/// @param effects what a set-up would do outside; none of it was done
/// @param setup the set-up it became
/// @param testInstallation true in an installation where nothing is on the public Internet
record PlanAnswer(
    PlanId id,
    Named domain,
    Plan.State state,
    boolean testInstallation,
    Instant createdAt,
    Instant validUntil,
    Optional<Price> price,
    Minutes minutes,
    List<Step> steps,
    List<Effect> effects,
    List<Risk> risks,
    Optional<SetupId> setup,
    Map<String, String> links) {

  static PlanAnswer of(
      Plan plan,
      List<Line> lines,
      Usual usual,
      MessageCatalogue messages,
      boolean isTest,
      Instant now) {
    return new PlanAnswer(
        plan.id(),
        Named.of(plan.wish().domain()),
        plan.stateAt(now),
        isTest,
        plan.createdAt(),
        plan.validUntil(),
        plan.price().flatMap(price -> plan.priceReadAt().flatMap(at -> Price.of(plan, price, at))),
        Minutes.of(usual),
        of(lines, Line.Kind.STEP)
            .map(line -> new Step(line.name(), line.title(), line.said()))
            .toList(),
        of(lines, Line.Kind.EFFECT).map(line -> new Effect(line.title(), line.said())).toList(),
        of(lines, Line.Kind.RISK).map(line -> Risk.of(line, messages)).toList(),
        plan.setup(),
        Map.of("self", "/api/v1/plans/" + plan.id()));
  }

  private static Stream<Line> of(List<Line> lines, Line.Kind kind) {
    return lines.stream().filter(line -> line.kind() == kind);
  }

  /// Both forms of a domain's name: as DNS knows it, and as people do.
  record Named(String ascii, String unicode) {
    static Named of(DomainName name) {
      return new Named(name.value(), name.unicode());
    }
  }

  /// @param amount decimal, such as `9.99`
  record Sum(String amount, String currency) {
    static Sum of(Money money) {
      return new Sum(BigDecimal.valueOf(money.cents(), 2).toPlainString(), money.currency());
    }
  }

  /// @param per `MONTH`
  /// @param atMost of the same currency, such as `15.00`: what the server may cost in its first
  ///   month all in all, also when the set-up fails; another address and another server in its
  ///   place included
  /// @param readAt when the seller's price list said so
  record Price(
      String amount, String currency, String per, String atMost, String seller, Instant readAt) {
    static Optional<Price> of(Plan plan, Money price, Instant readAt) {
      return plan.wish().server() instanceof Plan.Source.Bought bought
          ? Optional.of(
              new Price(
                  Sum.of(price).amount(),
                  price.currency(),
                  "MONTH",
                  Sum.of(bought.budget()).amount(),
                  bought.provider(),
                  readAt))
          : Optional.empty();
    }
  }

  /// How long such set-ups took.
  ///
  /// @param median absent while none has finished
  /// @param runs finished set-ups with the same seller and the same kind of DNS
  /// @param said in words
  record Minutes(Optional<BigDecimal> median, long runs, String said) {
    static Minutes of(Usual usual) {
      if (usual.runs() == 0) {
        return new Minutes(
            Optional.empty(),
            0,
            "No set-up of this kind has finished here yet, so nothing can be foretold.");
      }
      var minutes =
          BigDecimal.valueOf(usual.median().toSeconds())
              .divide(BigDecimal.valueOf(60), 1, RoundingMode.HALF_UP);
      return new Minutes(
          Optional.of(minutes),
          usual.runs(),
          "Half of %d finished set-ups of this kind took %s minutes or less."
              .formatted(usual.runs(), minutes));
    }
  }

  /// @param what the rehearsal says of it
  record Step(String step, String title, String what) {}

  record Effect(String step, String what) {}

  /// Something that was really seen.
  ///
  /// @param cause stable name, such as `DNS_FOREIGN_MX`
  /// @param stops a set-up would wait for whoever acts
  record Risk(
      String cause,
      boolean stops,
      String what,
      String seen,
      Optional<String> nextStep,
      Optional<Cause.Helper> whoActs) {
    static Risk of(Line line, MessageCatalogue messages) {
      var name = line.name().toUpperCase(Locale.ROOT).replace('-', '_');
      var known = messages.ofCause(name);
      return new Risk(
          name,
          line.stops(),
          line.title(),
          line.said(),
          known.map(Message::nextStep),
          known.map(Message::whoActs));
    }
  }
}
