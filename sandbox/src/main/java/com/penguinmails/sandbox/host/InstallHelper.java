package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.machine.Disk;
import com.penguinmails.sandbox.host.machine.Hashes;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.step.Bundle;
import com.penguinmails.sandbox.host.step.Manifest;
import com.penguinmails.sandbox.host.step.Places;
import java.util.Comparator;

/// What `penguin-install receive` does: a staged archive becomes a bundle, checked and root's
/// alone.
final class InstallHelper {
  private static final int OLDER_KEPT = 2;

  private final Machine machine;
  private final Disk disk;
  private final Staging staging;

  InstallHelper(Machine machine, Staging staging) {
    this.machine = machine;
    this.disk = machine.disk();
    this.staging = staging;
  }

  String receive(String hash) {
    return machine.with(() -> {
      var directory = Places.BUNDLES + "/" + hash;
      if (!disk.isDirectory(directory)) {
        unpack(hash, directory);
      }
      for (var name : Contact.HELPERS) {
        disk.text(directory + "/host/" + name)
            .ifPresent(text -> disk.write(Places.LIB + "/" + name, text, "root:root", "0755"));
      }
      staging.empty();
      removeOld(hash);
      return "";
    });
  }

  private void unpack(String hash, String directory) {
    var archive =
        staging
            .read(Places.STAGING + "/" + hash + ".tar")
            .orElseThrow(
                () -> new HelperFailed(HelperFailed.NO_BUNDLE, "no staged bundle " + hash));
    if (!Hashes.of(archive).equals(hash)) {
      throw new HelperFailed(HelperFailed.NOT_ACCEPTABLE, "the staged bundle is damaged");
    }
    var files = Tar.files(archive);
    if (!files.containsKey("MANIFEST") || !files.containsKey("step.sh")) {
      throw new HelperFailed(HelperFailed.NOT_ACCEPTABLE, "the bundle has no manifest");
    }
    files.forEach((path, text) -> disk.write(directory + "/" + path, text, "root:root", "0600"));
  }

  /// Two older ones stay, for a step that is still running, and the one applied last.
  private void removeOld(String hash) {
    var applied = Manifest.read(disk).bundle();
    disk.in(Places.BUNDLES).stream()
        .map(Disk::nameOf)
        .filter(name -> !name.equals(hash) && !name.equals(applied))
        .sorted(Comparator.comparingLong(this::version).reversed())
        .skip(OLDER_KEPT)
        .forEach(name -> disk.remove(Places.BUNDLES + "/" + name));
  }

  private long version(String hash) {
    return Bundle.find(disk, hash).map(Bundle::version).orElse(0L);
  }
}
