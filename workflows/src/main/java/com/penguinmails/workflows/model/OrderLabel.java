package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;

/// The name a bought server carries at its provider: `pm-<installation>-<order>`. The only thing of
/// ours that a provider echoes back, so one order has one label for ever.
public record OrderLabel(@JsonValue String value) {
  private static final Pattern FORM =
      Pattern.compile("pm-([a-z0-9]{6})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public OrderLabel {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a label of ours: \"" + value + "\"");
    }
  }

  /// @param installation six characters
  public static OrderLabel of(String installation, OrderId order) {
    return new OrderLabel("pm-" + installation + "-" + order);
  }

  /// A name seen at a provider; empty when it is none of ours.
  public static Optional<OrderLabel> read(String name) {
    return FORM.matcher(name).matches() ? Optional.of(new OrderLabel(name)) : Optional.empty();
  }

  /// Which running product ordered it.
  public String installation() {
    return value.substring(3, 9);
  }

  /// Which order it names.
  public OrderId order() {
    return OrderId.of(value.substring(10));
  }

  @Override
  public String toString() {
    return value;
  }
}
