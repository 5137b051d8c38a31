package com.penguinmails.activities.server;

import com.penguinmails.activities.setup.RehearsalBook;
import com.penguinmails.workflows.server.OrderActivities.ServerActive;
import com.penguinmails.workflows.server.TriageActivities;

/// Triage that is rehearsed: there is no server yet from which mail could be refused, so it only
/// says what will be tried. Nothing is found against a server that nobody has bought.
public final class TriageRehearsal implements TriageActivities {
  private final RehearsalBook book;

  public TriageRehearsal(RehearsalBook book) {
    this.book = book;
  }

  @Override
  public OutgoingProbed probeOutgoing(ProbeOutgoing order) {
    book.step(
        order,
        "Port 25 is tried from the server itself; one that may not send is replaced within the"
            + " budget.");
    return new OutgoingProbed(true, "foretold");
  }

  @Override
  public AddressChange changeAddress(ChangeAddress order) {
    throw nothingAgainst();
  }

  @Override
  public ServerActive awaitMoved(AwaitMoved order) {
    throw nothingAgainst();
  }

  @Override
  public ServerReplaced replaceServer(ReplaceServer order) {
    throw nothingAgainst();
  }

  @Override
  public ReplacedSwitchedOff switchOff(SwitchOff order) {
    throw nothingAgainst();
  }

  private static IllegalStateException nothingAgainst() {
    return new IllegalStateException("a rehearsal finds nothing against a server it did not buy");
  }
}
