package com.penguinmails.sandbox.chaos;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/// Which attempts of a run meet which faults: always the same ones.
interface FaultPlan {
  Optional<Met> at(Attempt attempt);

  /// What an attempt meets.
  ///
  /// @param faults one, or one that lets the work be done and then one that decides what becomes of
  ///   it
  /// @param dice for what they leave open
  record Met(List<Fault> faults, Random dice) {
    public Met {
      faults = List.copyOf(faults);
    }

    @Override
    public String toString() {
      return faults.stream().map(Fault::name).collect(Collectors.joining("+"));
    }
  }
}
