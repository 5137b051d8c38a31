package com.penguinmails.api.setup;

import com.penguinmails.api.problem.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One JSON object of a request, read field by field. What is wrong is collected, not thrown, so
/// that the caller learns everything at once. Says what is wrong with a value, never the value.
public final class Fields {
  private final String path;
  private final JsonNode object;
  private final List<Fault> faults;
  private final Set<String> known = new TreeSet<>();

  Fields(String path, JsonNode object, List<Fault> faults) {
    this.path = path;
    this.object = object;
    this.faults = faults;
  }

  /// A text; blank counts as absent.
  public Optional<String> text(String name, int maxLength) {
    var node = take(name);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!node.get().isString()) {
      fault(name, "must be a text in quotes");
      return Optional.empty();
    }
    var value = node.get().stringValue();
    if (value.length() > maxLength) {
      fault(name, "is longer than " + maxLength + " characters");
      return Optional.empty();
    }
    if (value.isBlank()) {
      return Optional.empty();
    }
    return Optional.of(value);
  }

  /// A text that must be there.
  ///
  /// @param missing what to say when it is not
  Optional<String> required(String name, int maxLength, String missing) {
    int before = faults.size();
    var value = text(name, maxLength);
    if (value.isEmpty() && faults.size() == before) {
      fault(name, missing);
    }
    return value;
  }

  int port(String name, int otherwise) {
    var node = take(name);
    if (node.isEmpty()) {
      return otherwise;
    }
    if (!node.get().isIntegralNumber()
        || !node.get().canConvertToInt()
        || node.get().intValue() < 1
        || node.get().intValue() > 65_535) {
      fault(name, "must be a whole number from 1 to 65535");
      return otherwise;
    }
    return node.get().intValue();
  }

  boolean flag(String name) {
    var node = take(name);
    if (node.isPresent() && !node.get().isBoolean()) {
      fault(name, "must be true or false");
      return false;
    }
    return node.isPresent() && node.get().booleanValue();
  }

  /// An object. When it is missing that is the fault, and an empty one is answered whose own fields
  /// nobody complains about.
  Fields object(String name, String missing) {
    var node = take(name);
    if (node.isPresent() && node.get().isObject()) {
      return new Fields(path(name), node.get(), faults);
    }
    fault(name, node.isEmpty() ? missing : "must be an object in braces");
    return new Fields(path(name), JsonNodeFactory.instance.objectNode(), new ArrayList<>());
  }

  /// Objects in a list, at least and at most so many; none when the list itself is at fault.
  public List<Fields> objects(String name, int atLeast, int atMost, String missing) {
    var node = take(name);
    if (node.isEmpty()) {
      fault(name, missing);
      return List.of();
    }
    if (!node.get().isArray() || node.get().size() < atLeast || node.get().size() > atMost) {
      fault(name, "must be a list of %d to %d objects".formatted(atLeast, atMost));
      return List.of();
    }
    var objects = new ArrayList<Fields>();
    for (int number = 0; number < node.get().size(); number++) {
      var element = node.get().get(number);
      var place = path(name) + "[" + number + "]";
      if (element.isObject()) {
        objects.add(new Fields(place, element, faults));
      } else {
        faults.add(new Fault(place, "must be an object in braces"));
        objects.add(new Fields(place, JsonNodeFactory.instance.objectNode(), new ArrayList<>()));
      }
    }
    return objects;
  }

  public void fault(String name, String detail) {
    faults.add(new Fault(path(name), detail));
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  /// An object that may be absent.
  Optional<Fields> optionalObject(String name) {
    return take(name).map(_ -> object(name, ""));
  }

  /// Call last: what was never asked for is unknown.
  public void refuseUnknown() {
    for (var name : object.propertyNames()) {
      if (!known.contains(name)) {
        var shown = name.length() > 40 ? name.substring(0, 40) + "…" : name;
        fault(shown, "is unknown here; known are " + String.join(", ", known));
      }
    }
  }

  private Optional<JsonNode> take(String name) {
    known.add(name);
    return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
