package com.penguinmails.sandbox.dns.simulated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.Name;

/// The zones of one server, each in a file of its own that is replaced as a whole: whoever is
/// killed meanwhile finds the zone as it was before or as it is afterwards.
final class ZoneStore {
  private static final String ENDING = ".db";
  private static final String ROOT = "_root";

  private final Path directory;
  private final Map<Name, ZoneCopy> zones = new ConcurrentHashMap<>();

  private ZoneStore(Path directory) {
    this.directory = directory;
  }

  /// Reads the zones of the directory; one that is not there is made.
  static ZoneStore open(Path directory) {
    var store = new ZoneStore(directory);
    try {
      Files.createDirectories(directory);
      for (var file : store.files()) {
        var zone = ZoneCopy.parse(Files.readString(file, StandardCharsets.US_ASCII));
        store.zones.put(zone.origin(), zone);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException("the zones in " + directory + " cannot be read", e);
    }
    return store;
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).toList();
    }
  }

  Optional<ZoneCopy> find(Name origin) {
    return Optional.ofNullable(zones.get(origin));
  }

  /// The deepest zone that the name lies in.
  Optional<ZoneCopy> enclosing(Name name) {
    for (int strip = 0; strip < name.labels(); strip++) {
      var zone = find(new Name(name, strip));
      if (zone.isPresent()) {
        return zone;
      }
    }
    return Optional.empty();
  }

  Collection<ZoneCopy> all() {
    return List.copyOf(zones.values());
  }

  /// Keeps the zone, and shows it once it is kept. One caller at a time.
  void put(ZoneCopy zone) {
    var path = directory.resolve(fileName(zone.origin()));
    var staged = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.writeString(staged, zone.text(), StandardCharsets.US_ASCII);
      Files.move(staged, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be written", e);
    }
    zones.put(zone.origin(), zone);
  }

  private static String fileName(Name origin) {
    var bare = origin.equals(Name.root) ? ROOT : origin.canonicalize().toString(true);
    return bare + ENDING;
  }
}
