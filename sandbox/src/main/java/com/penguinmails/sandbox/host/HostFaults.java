package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.machine.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/// What can stand against a simulated host, on purpose. Each lasts until it is lifted, unless it
/// says otherwise; a reinstallation lifts all but `sshdDown` and `hang`.
public final class HostFaults {
  private static final int LOOK_AGAIN_MILLIS = 50;

  private final SimulatedHost host;
  private final AtomicReference<String> dropAfter = new AtomicReference<>("");
  private volatile String hangAt = "";
  private volatile boolean isSshdDown;

  HostFaults(SimulatedHost host) {
    this.host = host;
  }

  private void change(UnaryOperator<Conditions> how) {
    var machine = host.machine();
    machine.run(() -> machine.conditions(how.apply(machine.conditions())));
  }

  /// Nothing listens on port 22, and sessions end.
  public void sshdDown() {
    isSshdDown = true;
    host.door().shut();
  }

  public void sshdUp() {
    isSshdDown = false;
    if (host.view().isOn()) {
      host.door().open();
    }
  }

  boolean isSshdDown() {
    return isSshdDown;
  }

  /// All sessions end at once; steps go on.
  public void dropConnections() {
    host.door().drop();
  }

  /// Whether somebody is in, or on the way in.
  public boolean hasConnections() {
    return host.door().hasSessions();
  }

  /// Once: the connection is lost when a command with this word has had its effect, before it is
  /// answered. The word is an argument, such as `start` or `260-postfix`.
  public void dropConnectionAfter(String word) {
    dropAfter.set(word);
  }

  boolean dropsAfter(List<String> words) {
    var word = dropAfter.get();
    return !word.isEmpty() && words.contains(word) && dropAfter.compareAndSet(word, "");
  }

  /// Commands with this word hang before they do anything; see [#dropConnectionAfter]. Whoever
  /// still waits when it is lifted is answered then.
  public void hang(String word) {
    hangAt = word;
  }

  public void hangNoMore() {
    hangAt = "";
  }

  /// Waits as long as it hangs.
  ///
  /// @return false: nobody waits for it any more, and it never begins
  boolean letsBegin(List<String> words, CountDownLatch gone) throws InterruptedException {
    while (hangs(words)) {
      if (gone.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  private boolean hangs(List<String> words) {
    var word = hangAt;
    return !word.isEmpty() && words.contains(word);
  }

  /// Applying a step takes that long on the host, and reports how far it is.
  public void slowStep(String step, Duration takes) {
    host.runs().pace(step, takes);
  }

  /// Kills a unit of ours, as `systemctl kill --signal=KILL`.
  public void kill(String unit) {
    host.runs().kill(unit);
  }

  public void diskFree(int mib) {
    change(conditions -> conditions.withDiskFreeMib(mib));
  }

  /// @param program who holds apt's lock
  public void aptLocked(String program) {
    change(conditions -> conditions.withAptLockHolder(program));
  }

  public void aptUnlocked() {
    change(conditions -> conditions.withAptLockHolder(""));
  }

  public void mirrorDown() {
    change(conditions -> conditions.withMirrorDown(true));
  }

  public void mirrorUp() {
    change(conditions -> conditions.withMirrorDown(false));
  }

  /// A service of the tenant's own.
  ///
  /// @param greeting the first line it says
  public void foreignService(int port, String program, String greeting) {
    change(conditions -> conditions.withForeign(port, new Conditions.Foreign(program, greeting)));
  }

  public void noForeignService(int port) {
    change(conditions -> conditions.withoutForeign(port));
  }

  /// @param code such as `broken`; see `give_up` in `steps/facts.sh`
  public void failStep(String step, String code, String text) {
    change(conditions -> conditions.withFailing(step, code + ": " + text));
  }

  public void healStep(String step) {
    change(conditions -> conditions.withoutFailing(step));
  }

  /// The machine's clock is that much ahead; negative: behind.
  public void clockAhead(Duration ahead) {
    change(conditions -> conditions.withClockAheadMillis(ahead.toMillis()));
  }
}
