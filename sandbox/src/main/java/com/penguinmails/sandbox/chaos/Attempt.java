package com.penguinmails.sandbox.chaos;

/// One attempt of an activity in one chaos run, named so that the same seed meets it again.
///
/// @param entity kind of the workflow that asked: `setup`, `server`, `domain`, `certificate`
/// @param activity its type: `Server.Apply`
/// @param occurrence how many of this type the entity's workflow had asked for before
/// @param number of the attempt, from 1
record Attempt(String entity, String activity, int occurrence, int number) {
  @Override
  public String toString() {
    return "%s %s %d.%d".formatted(entity, activity, occurrence, number);
  }
}
