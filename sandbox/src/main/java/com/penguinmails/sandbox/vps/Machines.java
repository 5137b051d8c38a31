package com.penguinmails.sandbox.vps;

import com.penguinmails.sandbox.mail.simulated.SimulatedMailServer;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.util.Optional;

/// What stands in the simulated provider's racks: simulated hosts or Docker ones. Every method is
/// safe to repeat.
public interface Machines extends AutoCloseable {
  /// Builds and boots a machine, or boots the one that is there. Returns when it is up.
  ///
  /// @param name the provider's id of the server
  /// @param rootPassword set when the machine is built
  void run(String name, IpAddress address, String rootPassword);

  /// Pulls the plug; the disk stays.
  void stop(String name);

  /// Presses the reset button. Returns when it is up.
  void reboot(String name);

  /// Builds it anew with an empty disk. Returns when it is up.
  void reinstall(String name, IpAddress address, String rootPassword);

  /// Takes it out of the rack, with its disk.
  void remove(String name);

  /// Makes the PTR record of an address this name.
  void setReverseName(IpAddress address, DomainName name);

  /// Ends what runs inside this process for the machines; they stay as they are.
  @Override
  default void close() {}

  /// The mail programs of a machine, where they are simulated.
  default Optional<SimulatedMailServer> mail(String name) {
    return Optional.empty();
  }
}
