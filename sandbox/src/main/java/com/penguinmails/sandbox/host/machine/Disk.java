package com.penguinmails.sandbox.host.machine;

import com.penguinmails.sandbox.host.machine.Node.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A file system of text files. What lies below `/run` is gone after a boot. Paths are absolute and
/// end with no slash.
public final class Disk {
  private static final String ROOT = "root:root";

  private final NavigableMap<String, Node> nodes;

  Disk(Map<String, Node> nodes) {
    this.nodes = new TreeMap<>(nodes);
  }

  /// Everything on it, by path.
  public SortedMap<String, Node> nodes() {
    return Collections.unmodifiableSortedMap(nodes);
  }

  /// The entry itself; a link is not followed.
  public Optional<Node> node(String path) {
    return Optional.ofNullable(nodes.get(path));
  }

  public boolean exists(String path) {
    return nodes.containsKey(path);
  }

  public boolean isFile(String path) {
    return node(path).filter(node -> node.kind() == Kind.FILE).isPresent();
  }

  public boolean isDirectory(String path) {
    return node(path).filter(node -> node.kind() == Kind.DIRECTORY).isPresent();
  }

  /// Content of a file.
  public Optional<String> text(String path) {
    return node(path).filter(node -> node.kind() == Kind.FILE).map(Node::content);
  }

  /// Content of a file, or nothing at all when it is not there.
  public String textOrEmpty(String path) {
    return text(path).orElse("");
  }

  /// Target of a link.
  public Optional<String> link(String path) {
    return node(path).filter(node -> node.kind() == Kind.LINK).map(Node::content);
  }

  /// SHA-256, owner and mode of a file (`HASH USER:GROUP 0644`), as our library looks at it;
  /// `other` for what is no plain file.
  public Optional<String> look(String path) {
    return node(path)
        .map(node ->
            node.kind() == Kind.FILE
                ? Hashes.of(node.content()) + " " + node.owner() + " " + node.mode()
                : "other");
  }

  /// Root's, for all to read.
  public void write(String path, String content) {
    write(path, content, ROOT, "0644");
  }

  /// Makes missing directories; replaces what was there.
  public void write(String path, String content, String owner, String mode) {
    put(path, new Node(Kind.FILE, content, owner, mode));
  }

  public void writeLink(String path, String target) {
    put(path, new Node(Kind.LINK, target, ROOT, "0777"));
  }

  /// Owner and mode of one that is there are changed.
  public void makeDirectory(String path, String owner, String mode) {
    put(path, new Node(Kind.DIRECTORY, "", owner, mode));
  }

  /// Puts an entry as it is somewhere else.
  public void put(String path, Node node) {
    for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      nodes.putIfAbsent(path.substring(0, slash), new Node(Kind.DIRECTORY, "", ROOT, "0755"));
    }
    nodes.put(path, node);
  }

  /// With all below it.
  public void remove(String path) {
    nodes.remove(path);
    nodes.subMap(path + "/", path + "0").clear(); // '0' comes after '/'
  }

  /// Paths of all below a directory, deepest included, sorted.
  public List<String> below(String directory) {
    return List.copyOf(nodes.subMap(directory + "/", directory + "0").keySet());
  }

  /// Paths of what lies directly in a directory, sorted.
  public List<String> in(String directory) {
    return below(directory).stream()
        .filter(path -> path.indexOf('/', directory.length() + 1) < 0)
        .toList();
  }

  /// The directory a path lies in.
  public static String directoryOf(String path) {
    return path.substring(0, Math.max(1, path.lastIndexOf('/')));
  }

  /// The last part of a path.
  public static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
