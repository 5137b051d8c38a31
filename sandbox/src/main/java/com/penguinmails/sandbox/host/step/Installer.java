package com.penguinmails.sandbox.host.step;

import com.penguinmails.sandbox.host.machine.Disk;
import com.penguinmails.sandbox.host.machine.Hashes;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.step.Bundle.ListedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `penguin-install` does with files of a bundle: it knows what is ours, keeps what was the
/// tenant's, and gives it back.
public final class Installer {
  private static final String FILES = Places.STATE + "/files/";
  private static final String ORIGINALS = Places.STATE + "/originals/";
  private static final String PENDING = Places.STATE + "/pending/";
  private static final String DIRECTORIES = Places.STATE + "/directories";

  private final Machine machine;
  private final Disk disk;

  public Installer(Machine machine) {
    this.machine = machine;
    this.disk = machine.disk();
  }

  /// What our records say of a file.
  ///
  /// @param hash that is there
  /// @param isReplacing whether the tenant had a file there
  /// @param before hash of ours that it took the place of; empty: none
  public record OwnedFile(
      String target, String hash, boolean isReplacing, String step, String before) {
    private String line() {
      return String.join("\t", target, hash, isReplacing ? "original" : "none", step, before)
          + "\n";
    }
  }

  private static String key(String target) {
    var name = target.replace("%", "%p").replace("/", "%s");
    return name.length() > 240 ? Hashes.of(target) : name;
  }

  private Optional<OwnedFile> find(String target) {
    return disk.text(FILES + key(target)).map(Installer::parsed);
  }

  private static OwnedFile parsed(String line) {
    var part = line.strip().split("\t", -1);
    return new OwnedFile(
        part[0], part[1], part[2].equals("original"), part[3], part.length > 4 ? part[4] : "");
  }

  /// Everything that is ours, in the order of its names.
  public List<OwnedFile> records() {
    return disk.in(FILES.substring(0, FILES.length() - 1)).stream()
        .flatMap(path -> disk.text(path).stream())
        .map(Installer::parsed)
        .toList();
  }

  /// Places the files of a step that are not as they should be.
  ///
  /// @return what was touched
  List<String> place(Bundle bundle, String step) {
    var changed = new ArrayList<ListedFile>();
    for (var file : bundle.files(disk, step)) {
      var is = disk.look(file.target());
      if (is.filter("other"::equals).isPresent()) {
        throw failed("%s is a directory or a link; move it away first".formatted(file.target()));
      }
      var known = find(file.target()).map(OwnedFile::hash);
      if (!is.equals(wanted(file)) || !known.equals(Optional.of(file.hash()))) {
        checkOwner(file);
        changed.add(file);
      }
    }
    for (var file : changed) {
      var known = find(file.target());
      boolean isReplacing = known.map(OwnedFile::isReplacing).orElse(false);
      if (known.isEmpty() && disk.isFile(file.target())) {
        disk.put(ORIGINALS + key(file.target()), disk.node(file.target()).orElseThrow());
        isReplacing = true;
      }
      rememberDirectories(file.target());
      disk.write(
          FILES + key(file.target()),
          new OwnedFile(
                  file.target(),
                  file.hash(),
                  isReplacing,
                  step,
                  known.map(OwnedFile::hash).orElse(""))
              .line(),
          "root:root",
          "0600");
      disk.write(PENDING + step, "", "root:root", "0600");
      disk.write(
          file.target(),
          bundle.text(disk, "files/%s/%s".formatted(step, file.number())),
          file.owner(),
          file.mode());
    }
    return changed.stream().map(ListedFile::target).toList();
  }

  static Optional<String> wanted(ListedFile file) {
    return Optional.of("%s %s %s".formatted(file.hash(), file.owner(), file.mode()));
  }

  private void checkOwner(ListedFile file) {
    for (var name : file.owner().split(":")) {
      if (!name.equals("root") && !machine.accounts().containsKey(name)) {
        throw new StepFailed("install: invalid user: '%s'".formatted(name));
      }
    }
  }

  private void rememberDirectories(String target) {
    var missing = new StringBuilder();
    for (var dir = Disk.directoryOf(target); !disk.exists(dir); dir = Disk.directoryOf(dir)) {
      missing.append(dir).append('\n');
    }
    if (!missing.isEmpty()) {
      disk.write(DIRECTORIES, disk.textOrEmpty(DIRECTORIES) + missing, "root:root", "0600");
    }
  }

  /// Takes one of our files away; the tenant's comes back. What somebody else changed stays.
  public void remove(String step, String target) {
    var record = find(target);
    if (record.isEmpty()) {
      return;
    }
    var known = record.get();
    var original = ORIGINALS + key(target);
    var hash = disk.text(target).map(Hashes::of).orElse("");
    disk.write(PENDING + step, "", "root:root", "0600");
    boolean isOurs = hash.isEmpty() || hash.equals(known.hash()) || hash.equals(known.before());
    if (isOurs && known.isReplacing() && disk.isFile(original)) {
      disk.put(target, disk.node(original).orElseThrow());
    } else if (isOurs) {
      disk.remove(target);
    }
    disk.remove(FILES + key(target));
    disk.remove(original);
  }

  /// Files the step once placed and no longer wants.
  List<String> stale(Bundle bundle, String step) {
    var listed = bundle.files(disk, step).stream().map(ListedFile::target).toList();
    return records().stream()
        .filter(record -> record.step().equals(step) && !listed.contains(record.target()))
        .map(OwnedFile::target)
        .toList();
  }

  boolean isPending(String step) {
    return disk.exists(PENDING + step);
  }

  /// Directories that were made for files of ours go when nothing is in them.
  public void removeEmptyDirectories() {
    disk.textOrEmpty(DIRECTORIES)
        .lines()
        .sorted((a, b) -> b.compareTo(a))
        .filter(directory -> disk.isDirectory(directory) && disk.in(directory).isEmpty())
        .forEach(disk::remove);
  }

  private static StepFailed failed(String text) {
    return new StepFailed("penguin-install: " + text);
  }
}
