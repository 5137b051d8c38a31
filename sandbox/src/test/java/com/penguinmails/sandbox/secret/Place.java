package com.penguinmails.sandbox.secret;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/// Something that others can read.
///
/// @param name where, for the message
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Place(String name, byte[] content) {
  static Place of(String name, String content) {
    return new Place(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /// Each secret in each place where it is.
  static List<Found> search(SecretSearch search, Collection<Place> places) {
    return places.stream()
        .flatMap(
            place -> search.in(place.content()).stream().map(name -> new Found(place.name(), name)))
        .toList();
  }

  @Override
  public String toString() {
    return name;
  }

  /// @param secret its name, never the secret
  record Found(String place, String secret) {}
}
