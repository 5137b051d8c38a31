package com.penguinmails.store.ledger;

import com.penguinmails.workflows.model.Money;
import java.time.LocalDate;

/// What a seller has charged for one server.
///
/// @param provider as servers name it, such as `hostwinds`
/// @param invoice its number at the seller
/// @param line counts the lines of its invoice from 1
/// @param server the seller's id of it, or its name there
public record InvoiceLine(
    String provider, String invoice, int line, LocalDate day, String server, Money amount) {}
