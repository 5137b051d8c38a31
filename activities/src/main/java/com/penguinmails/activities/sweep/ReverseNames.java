package com.penguinmails.activities.sweep;

import com.penguinmails.workflows.model.IpAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// What DNS says that addresses point back to.
@FunctionalInterface
public interface ReverseNames {
  /// Asks for all of them, within a time that does not grow with their number.
  ///
  /// @return the names of each; an empty list: it has none. An address of which nobody could say
  ///   anything in time is not among them, and nothing is thrown for it
  Map<IpAddress, List<String>> of(Collection<IpAddress> addresses);
}
