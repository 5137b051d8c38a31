package com.penguinmails.workflows.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;

/// A sum in whole cents of one currency; never negative. What is invoiced is this; a rate that is
/// finer than cents, such as one per hour, is not.
///
/// @param currency ISO 4217, such as `USD`
public record Money(long cents, String currency) {
  private static final long MONTHS = 12;
  private static final long DAYS = 365;
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  public Money {
    if (cents < 0) {
      throw new IllegalArgumentException("negative sum: " + cents + " cents");
    }
    if (!CURRENCY.matcher(currency).matches()) {
      throw new IllegalArgumentException("not a currency code: \"" + currency + "\"");
    }
  }

  /// Reads `9.99`.
  ///
  /// @throws IllegalArgumentException no number, negative, or finer than cents
  public static Money parse(String amount, String currency) {
    try {
      var cents = new BigDecimal(amount.strip()).movePointRight(2);
      return new Money(cents.setScale(0, RoundingMode.UNNECESSARY).longValueExact(), currency);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("not a sum in cents: \"" + amount + "\"", e);
    }
  }

  /// @throws IllegalArgumentException another currency: sums of two currencies cannot be added
  public Money plus(Money other) {
    return new Money(Math.addExact(cents, same(other).cents), currency);
  }

  /// @throws IllegalArgumentException another currency
  public boolean isMoreThan(Money other) {
    return cents > same(other).cents;
  }

  /// What this sum a month is a day, in whole cents; rounded up, because it is there to warn.
  public Money perDayOfMonthly() {
    return new Money(Math.ceilDiv(Math.multiplyExact(cents, MONTHS), DAYS), currency);
  }

  private Money same(Money other) {
    if (!other.currency.equals(currency)) {
      throw new IllegalArgumentException(currency + " and " + other.currency + " do not compare");
    }
    return other;
  }

  /// `9.99 USD`.
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d.%02d %s", cents / 100, cents % 100, currency);
  }
}
