package com.penguinmails.sandbox.host.step;

import com.penguinmails.templates.Templates;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The scripts that simulated hosts know, by their text: those of this build, and of other builds
/// they were told of. A script of another build does there what that of this build does.
public final class KnownScripts {
  private final List<Templates> builds =
      new CopyOnWriteArrayList<>(List.of(new Templates(KnownScripts.class.getClassLoader())));

  /// Another build's are known from now on.
  public void add(Templates build) {
    builds.add(build);
  }

  /// Whether this is the text of the script at that path below `infra-templates`.
  public boolean isKnown(String path, String text) {
    return builds.stream().anyMatch(build -> build.find(path).filter(text::equals).isPresent());
  }
}
