package com.penguinmails.workflows.server;

import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.server.OrderActivities.Listed;
import com.penguinmails.workflows.server.OrderActivities.OrderFacts;
import com.penguinmails.workflows.server.OrderActivities.Purchase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What to do next about buying one server, so that never two are bought. Pure.
public final class PurchaseDecision {
  private PurchaseDecision() {}

  /// The next act.
  public sealed interface Next {
    /// This one is ours.
    ///
    /// @param surplus further ones under the same label: staff must know
    record Take(ProviderServerId server, List<ProviderServerId> surplus) implements Next {}

    /// Nothing was ever bought: try it, for the `attempt`th time.
    record Buy(int attempt) implements Next {}

    /// A try may have been heard: look for so long.
    ///
    /// @param isLong the usual time is over
    record Look(Duration atMost, boolean isLong) implements Next {}

    /// A try may have been heard, and nothing has appeared for so long that somebody must look.
    record AskStaff() implements Next {}

    /// What carries our label is not what was ordered.
    record Refuse(String evidence) implements Next {}
  }

  /// @param now of the workflow
  public static Next next(OrderFacts order, List<Listed> listed, Instant now) {
    if (!listed.isEmpty()) {
      var taken = listed.getFirst();
      if (!taken.isAsOrdered()) {
        return new Next.Refuse(
            "after try %d, server %s carries the order's label, but has another size or place"
                .formatted(order.tries(), taken.id()));
      }
      return new Next.Take(taken.id(), listed.stream().skip(1).map(Listed::id).toList());
    }
    if (order.unclearSince().isEmpty()) {
      return new Next.Buy(order.tries() + 1);
    }
    var tried = order.unclearSince().get();
    var grace = Duration.between(now, tried.plus(order.grace()));
    if (grace.isPositive()) {
      return new Next.Look(grace, false);
    }
    var longGrace = Duration.between(now, tried.plus(order.longGrace()));
    return longGrace.isPositive() ? new Next.Look(longGrace, true) : new Next.AskStaff();
  }

  /// In words, for the decision's row.
  public static Answer.Given inWords(Next next) {
    return switch (next) {
      case Next.Take take ->
          Answer.TAKE.about(
              take.server()
                  + (take.surplus().isEmpty() ? "" : "; under the same label: " + take.surplus()));
      case Next.Buy buy -> Answer.BUY.about("try " + buy.attempt());
      case Next.Look look ->
          Answer.LOOK.about(look.atMost().toSeconds() + " s" + (look.isLong() ? " more" : ""));
      case Next.AskStaff _ -> Answer.ASK_STAFF.given();
      case Next.Refuse refuse -> Answer.NOT_AS_ORDERED.about(refuse.evidence());
    };
  }

  /// In words, for the decision's row.
  public static Answer.Given inWords(Purchase purchase) {
    return switch (purchase) {
      case Purchase.Bought bought -> Answer.BOUGHT.about(bought.evidence());
      case Purchase.Refused refused -> Answer.NOT_SOLD.about(refused.evidence());
      case Purchase.Unclear unclear -> Answer.UNCLEAR.about(unclear.evidence());
      case Purchase.NotTried not -> Answer.NOT_TRIED.about(not.evidence());
    };
  }
}
