package com.penguinmails.workflows.sweep;

/// What a program can do about a finding. Nothing else is ever done by one: a sweep neither buys
/// nor destroys. Names are stored in rows and histories: never rename one.
public enum Repair {
  /// Starts the workflow of a server that has none.
  START_RUN(
      "the run of a server begins with the rows, so that one more start does nothing that was done"),
  /// Gives a server at its seller the name back that it was ordered under.
  RENAME("the seller knows the server by its id, and a name that is no label is nobody's"),
  /// Has the address of a server point back to its name again.
  SET_REVERSE_NAME(
      "it is the name that the server was proved with, and what receivers look for; setting it once"
          + " more changes nothing else");

  private final String why;

  Repair(String why) {
    this.why = why;
  }

  /// Why nobody need be asked first, where it is done by itself.
  public String why() {
    return why;
  }
}
