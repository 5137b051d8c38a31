package com.penguinmails.store.server;

import com.penguinmails.workflows.model.ProviderServerId;

/// Whether one try of a paid call may be made now. Only one caller is ever told [Claimed] of a try;
/// whoever is told anything else calls nobody.
public sealed interface Claim {
  /// The try is in the ledger, and it is the caller's.
  record Claimed() implements Claim {}

  /// The try was claimed before, perhaps by an attempt that died: what became of it is not known
  /// here.
  record Begun() implements Claim {}

  /// The order has become this server already, so nothing is to be bought any more.
  record Found(ProviderServerId server) implements Claim {}

  /// The order was parked or closed.
  record Ended() implements Claim {}

  /// The server is wanted away.
  record Leaving() implements Claim {}

  /// Staff stopped all purchases.
  record Stopped(String reason) implements Claim {}
}
