/// Simulated hosts: machines that speak SSH, SFTP and our step protocol, keep their state and need
/// no Docker. They execute nothing: what our scripts do is done to the state.
///
/// `SimulatedHosts` rents them; a `SimulatedHost` has an owner (who changes things by hand), faults
/// (on purpose), and a view for whoever plays its mail programs. Each is one JSON file.
@NullMarked
package com.penguinmails.sandbox.host;

import org.jspecify.annotations.NullMarked;
