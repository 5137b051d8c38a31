package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.SetupId;

/// Tells an entity that its desired state has a new version; the entity reads the rest from the
/// database. Losing, doubling and reordering it is harmless.
///
/// @param version of the desired state, counted in the database
/// @param replyTo workflow id that is told `done` or `stuck`
/// @param setup the set-up on whose page the work appears
/// @param isTakeBack for a certificate: this version lacks names that earlier ones have; waiting
///   for those is in vain
public record Wanted(long version, String replyTo, SetupId setup, boolean isTakeBack) {
  /// Wants something to be there.
  public Wanted(long version, String replyTo, SetupId setup) {
    this(version, replyTo, setup, false);
  }
}
