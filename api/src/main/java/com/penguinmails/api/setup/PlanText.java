package com.penguinmails.api.setup;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A plan as a page of text, from the API's answer. Pure.
final class PlanText {
  private PlanText() {}

  static String of(JsonNode plan) {
    var lines = new ArrayList<String>();
    lines.add("Plan for " + text(plan.path("domain"), "unicode") + ": " + told(plan));
    if (plan.path("testInstallation").booleanValue(false)) {
      lines.add("A test installation: nothing here is on the Internet.");
    }
    lines.add("");
    lines.add("Price    " + price(plan.path("price")));
    lines.add("Minutes  " + text(plan.path("minutes"), "said"));
    risks(plan.path("risks"), lines);
    lines.add("");
    lines.add("Steps");
    int number = 1;
    for (var step : plan.path("steps")) {
      lines.add("  %2d  %s".formatted(number++, text(step, "title")));
      lines.add("      " + text(step, "what"));
    }
    lines.add("");
    lines.add("What would be done outside (nothing was)");
    plan.path("effects").forEach(effect -> lines.add("  - " + text(effect, "what")));
    lines.add("");
    lines.add(
        "To go ahead until %s: POST /api/v1/setups with {\"plan\": \"%s\"}"
            .formatted(text(plan, "validUntil"), text(plan, "id")));
    return String.join("\n", lines);
  }

  private static String told(JsonNode plan) {
    return switch (text(plan, "state")) {
      case "READY" -> "rehearsed to its end";
      case "STOPPED" -> "the rehearsal could not come to its end";
      case "USED" -> "a set-up was made from it";
      case "ENDED" -> "too old to go ahead from";
      default -> "still rehearsed";
    };
  }

  private static String price(JsonNode price) {
    return price.isMissingNode() || price.isNull()
        ? "none: nothing is bought, or it could not be read"
        : "%s %s a month (%s, read %s); if it fails, at most %s %s in the first month"
            .formatted(
                text(price, "amount"),
                text(price, "currency"),
                text(price, "seller"),
                text(price, "readAt"),
                text(price, "atMost"),
                text(price, "currency"));
  }

  private static void risks(JsonNode risks, List<String> lines) {
    lines.add("");
    if (risks.isEmpty()) {
      lines.add("Risks    none was seen");
      return;
    }
    lines.add("Risks");
    for (var risk : risks) {
      var stops = risk.path("stops").booleanValue(false);
      lines.add("  %s %s".formatted(stops ? "STOPS " : "      ", text(risk, "what")));
      lines.add("         Seen: " + text(risk, "seen"));
      if (risk.hasNonNull("nextStep")) {
        lines.add("         " + text(risk, "nextStep"));
      }
    }
  }

  /// Without control characters: what was seen outside is shown in a terminal.
  private static String text(JsonNode object, String field) {
    return object.path(field).asString("").replaceAll("\\p{Cntrl}", " ");
  }
}
