package com.penguinmails.sandbox.host.machine;

import java.util.Map;
import java.util.TreeMap;

/// What stands against the machine on purpose. Kept over a boot.
///
/// @param aptLockHolder program that holds apt's lock; empty: nobody
/// @param foreign services of the tenant by port
/// @param failing what a step ends with, by its name: `code: text`
public record Conditions(
    boolean mirrorDown,
    String aptLockHolder,
    int diskFreeMib,
    long clockAheadMillis,
    Map<Integer, Foreign> foreign,
    Map<String, String> failing) {

  public Conditions {
    foreign = Map.copyOf(foreign);
    failing = Map.copyOf(failing);
  }

  /// @param greeting the first line it says; empty: it says nothing
  public record Foreign(String program, String greeting) {}

  static Conditions good(Hardware hardware) {
    return new Conditions(false, "", hardware.diskMib() - 2048, 0, Map.of(), Map.of());
  }

  public Conditions withMirrorDown(boolean isDown) {
    return new Conditions(isDown, aptLockHolder, diskFreeMib, clockAheadMillis, foreign, failing);
  }

  public Conditions withAptLockHolder(String holder) {
    return new Conditions(mirrorDown, holder, diskFreeMib, clockAheadMillis, foreign, failing);
  }

  public Conditions withDiskFreeMib(int free) {
    return new Conditions(mirrorDown, aptLockHolder, free, clockAheadMillis, foreign, failing);
  }

  public Conditions withClockAheadMillis(long ahead) {
    return new Conditions(mirrorDown, aptLockHolder, diskFreeMib, ahead, foreign, failing);
  }

  public Conditions withForeign(int port, Foreign service) {
    var more = new TreeMap<>(foreign);
    more.put(port, service);
    return new Conditions(mirrorDown, aptLockHolder, diskFreeMib, clockAheadMillis, more, failing);
  }

  public Conditions withoutForeign(int port) {
    var fewer = new TreeMap<>(foreign);
    fewer.remove(port);
    return new Conditions(mirrorDown, aptLockHolder, diskFreeMib, clockAheadMillis, fewer, failing);
  }

  public Conditions withFailing(String step, String end) {
    var more = new TreeMap<>(failing);
    more.put(step, end);
    return new Conditions(mirrorDown, aptLockHolder, diskFreeMib, clockAheadMillis, foreign, more);
  }

  public Conditions withoutFailing(String step) {
    var fewer = new TreeMap<>(failing);
    fewer.remove(step);
    return new Conditions(mirrorDown, aptLockHolder, diskFreeMib, clockAheadMillis, foreign, fewer);
  }
}
