package com.penguinmails.sandbox.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.workflows.model.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A machine, seen from outside.
record MachineView(Machine machine) implements HostView {
  private static final String KEY = "/etc/ssl/penguin/mail.key";
  private static final String CHAIN = "/etc/ssl/penguin/mail.fullchain.pem";

  @Override
  public String name() {
    return machine.name();
  }

  @Override
  public IpAddress address() {
    return machine.address();
  }

  @Override
  public boolean isOn() {
    return machine.look(machine::isOn);
  }

  @Override
  public Optional<byte[]> file(String path) {
    return machine.look(() -> machine.disk().text(path)).map(text -> text.getBytes(UTF_8));
  }

  @Override
  public List<String> filesBelow(String directory) {
    return machine.look(
        () -> machine.disk().below(directory).stream().filter(machine.disk()::isFile).toList());
  }

  @Override
  public Set<String> activeUnits() {
    return machine.look(() -> machine.systemd().active());
  }

  @Override
  public boolean isUnitActive(String unit) {
    return machine.look(() -> machine.systemd().isActive(unit));
  }

  @Override
  public Optional<byte[]> read(String unit, String path) {
    return machine
        .look(() -> machine.systemd().hasRead(unit, path))
        .map(text -> text.getBytes(UTF_8));
  }

  @Override
  public Optional<InstalledCertificate> installedCertificate() {
    return machine.look(() ->
        machine
            .disk()
            .text(KEY)
            .flatMap(key ->
                machine.disk().text(CHAIN).map(chain -> new InstalledCertificate(key, chain))));
  }
}
