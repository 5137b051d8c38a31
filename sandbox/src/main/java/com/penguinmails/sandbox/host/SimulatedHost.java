package com.penguinmails.sandbox.host;

import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.sandbox.host.machine.FreshMachine;
import com.penguinmails.sandbox.host.machine.Hardware;
import com.penguinmails.sandbox.host.machine.HostEvent;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.machine.Snapshot;
import com.penguinmails.sandbox.host.step.KnownScripts;
import com.penguinmails.sandbox.host.step.Steps;
import com.penguinmails.workflows.model.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A rented host that is a simulation: it speaks real SSH and SFTP on a loopback address, and
/// answers our helpers and steps from its state. The state is kept in one file; a start after a
/// kill is a boot, so a step that was running is found as lost.
public final class SimulatedHost {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedHost.class);
  private static final int SSH = 22;
  private static final int SMTP = 25;
  private static final int MAIL_MILLIS = 5_000;

  private final Path directory;
  private final LoopbackNetwork network;
  private final Set<IpAddress> withoutMail;
  private final KnownScripts scripts;
  private final List<HostListener> listeners = new CopyOnWriteArrayList<>();
  private final HostFaults faults = new HostFaults(this);
  private volatile Parts parts;

  /// What there is anew after a reinstallation.
  private record Parts(
      StateFile file,
      Machine machine,
      Runs runs,
      Staging staging,
      Programs programs,
      SshDoor door,
      HostView view) {}

  private SimulatedHost(
      Path directory,
      LoopbackNetwork network,
      Set<IpAddress> withoutMail,
      KnownScripts scripts,
      Snapshot state) {
    this.directory = directory;
    this.network = network;
    this.withoutMail = withoutMail;
    this.scripts = scripts;
    this.parts = parts(state);
    if (state.isOn()) {
      powerOn();
    }
  }

  /// The host of that name as it was left, or a fresh one with that password.
  ///
  /// @param directory keeps `NAME.json` and what SFTP stages
  /// @param withoutMail addresses that reach nobody's port 25, as they are at each moment
  static SimulatedHost open(
      Path directory,
      LoopbackNetwork network,
      Set<IpAddress> withoutMail,
      KnownScripts scripts,
      String name,
      IpAddress address,
      String rootPassword,
      Hardware hardware) {
    return new SimulatedHost(
        directory,
        network,
        withoutMail,
        scripts,
        file(directory, name)
            .read()
            .orElseGet(() -> FreshMachine.make(name, address, hardware, rootPassword)));
  }

  private static StateFile file(Path directory, String name) {
    return new StateFile(directory.resolve(name + ".json"));
  }

  private Parts parts(Snapshot state) {
    var file = file(directory, state.name());
    var machine = new Machine(state, file::write, this::tell);
    var runs = new Runs(machine);
    var staging = new Staging(directory.resolve(state.name() + ".staging"));
    var helper = new StepHelper(machine, new Steps(machine, scripts), runs);
    var programs =
        new Programs(
            machine,
            scripts,
            staging,
            helper,
            new Contact(machine, runs, staging),
            to -> greeting(state.address(), to));
    var door =
        new SshDoor(
            machine, network.reach(state.address(), SSH), staging, nothing(), programs, faults);
    if (machine.accounts().containsKey(Contact.USER)) {
      staging.make();
    }
    return new Parts(file, machine, runs, staging, programs, door, new MachineView(machine));
  }

  private Path nothing() {
    try {
      return Files.createDirectories(directory.resolve("nothing"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tell(List<HostEvent> events) {
    for (var event : events) {
      for (var listener : listeners) {
        try {
          listener.happened(view(), event);
        } catch (RuntimeException e) {
          LOG.atError().addKeyValue("event", event).setCause(e).log("A listener failed");
        }
      }
    }
  }

  /// Tells of changes from now on.
  public void listen(HostListener listener) {
    listeners.add(listener);
  }

  /// What others may see of it.
  public HostView view() {
    return parts.view();
  }

  public String name() {
    return machine().name();
  }

  public IpAddress address() {
    return machine().address();
  }

  /// What stands against it, on purpose.
  public HostFaults faults() {
    return faults;
  }

  /// Its owner, on the machine itself.
  public HostOwner owner() {
    return new HostOwner(machine());
  }

  /// Of the key it shows now, `SHA256:…`.
  public String hostKeyFingerprint() {
    return parts.door().hostKeyFingerprint();
  }

  /// How long each step takes from now on; at first none takes any time. While it lasts a
  /// percentage is reported, and a kill finds it half done.
  public void pace(Duration perStep) {
    parts.runs().pace(perStep);
  }

  /// Whether a unit of ours is at work.
  public boolean isAtWork(String unit) {
    return parts.runs().isRunning(unit);
  }

  /// A reset button, or a plug pulled and put back: nothing is shut down in order.
  public void reset() {
    powerOff();
    powerOn();
  }

  /// Pulls the plug. What runs is lost.
  public void powerOff() {
    parts.door().shut();
    parts.runs().forget();
    machine().run(machine()::switchOff);
  }

  /// Returns when sshd answers.
  public void powerOn() {
    machine().run(machine()::boot);
    if (!faults.isSshdDown()) {
      parts.door().open();
    }
  }

  /// The same disk at another address; switched off.
  void move(IpAddress other) {
    powerOff();
    var old = parts;
    var kept = old.file().read().orElseThrow();
    old.file().shut();
    this.parts = parts(kept.at(other));
  }

  /// First three characters of what a mail server says; empty when it is not reached.
  private String greeting(IpAddress from, IpAddress to) {
    if (withoutMail.contains(from)) {
      return "";
    }
    try (var socket = new Socket()) {
      socket.connect(network.reach(to, SMTP), MAIL_MILLIS);
      socket.setSoTimeout(MAIL_MILLIS);
      return new String(socket.getInputStream().readNBytes(3), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }

  /// An empty disk, another host key, another root password; the address stays.
  public void reinstall(String rootPassword) {
    powerOff();
    var old = parts;
    old.file().shut();
    old.staging().remove();
    this.parts =
        parts(
            FreshMachine.make(
                old.machine().name(),
                old.machine().address(),
                old.machine().hardware(),
                rootPassword));
    powerOn();
  }

  /// Lets time pass: timers that are due by then go off before it returns.
  public void letPass(Duration time) {
    machine().run(() -> machine().letPass(time));
    fireTimers();
  }

  /// Lets timers go off that are due.
  void fireTimers() {
    var machine = machine();
    if (Timers.fire(machine, parts.staging())) {
      parts.door().drop(Contact.USER);
    }
  }

  /// Ends as a killed process does: the state stays as it is kept.
  void close() {
    parts.file().shut();
    parts.door().shut();
    parts.runs().forget();
  }

  /// Nothing is left.
  void remove() {
    close();
    parts.staging().remove();
    parts.file().remove();
  }

  Machine machine() {
    return parts.machine();
  }

  Runs runs() {
    return parts.runs();
  }

  SshDoor door() {
    return parts.door();
  }

  Programs programs() {
    return parts.programs();
  }

  @Override
  public String toString() {
    return "SimulatedHost[%s at %s]".formatted(name(), address());
  }
}
