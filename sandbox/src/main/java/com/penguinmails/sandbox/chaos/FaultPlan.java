package com.penguinmails.sandbox.chaos;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /// Another fault in the place of one; behind one that fails before the work nothing more comes.
    Met with(Fault replaced, Fault by) {
      int place = faults.indexOf(replaced);
      return place < 0
          ? this
          : new Met(Stream.concat(faults.stream().limit(place), Stream.of(by)).toList(), dice);
    }

    @Override
    public String toString() {
      return faults.stream().map(Fault::name).collect(Collectors.joining("+"));
    }
  }
}
