package com.penguinmails.sandbox.vps;

import com.penguinmails.workflows.model.IpAddress;
import java.time.Instant;

/// One server of the simulated account, as its file has it.
///
/// @param id Hostwinds' serviceid
/// @param number which address of the pool it has
/// @param isTerminated given up: kept for the books
record RentedServer(
    int id,
    String label,
    String rid,
    String place,
    String image,
    String password,
    int number,
    IpAddress address,
    Instant createdAt,
    Power power,
    boolean isTerminated) {
  /// Where its switch stands.
  enum Power {
    BUILDING,
    ON,
    OFF,
    /// Never gets further.
    STUCK,
    /// Given up, and still there.
    LEAVING
  }

  /// One that leaves goes on leaving, whatever ends meanwhile.
  RentedServer with(Power next) {
    var now = power == Power.LEAVING ? power : next;
    return new RentedServer(
        id, label, rid, place, image, password, number, address, createdAt, now, isTerminated);
  }

  RentedServer named(String name) {
    return new RentedServer(
        id, name, rid, place, image, password, number, address, createdAt, power, isTerminated);
  }

  RentedServer at(int otherNumber, IpAddress other) {
    return new RentedServer(
        id, label, rid, place, image, password, otherNumber, other, createdAt, power, isTerminated);
  }

  RentedServer terminated() {
    return new RentedServer(
        id, label, rid, place, image, password, number, address, createdAt, Power.OFF, true);
  }
}
