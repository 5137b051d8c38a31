package com.penguinmails.sandbox.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Somebody without privileges on this machine: whoever runs these tests, or, where that is root,
/// `nobody`, who gets no privilege back either.
///
/// @param uid of the user, and of the group that is the user's alone
/// @param isAnother somebody else than runs these tests
public record OrdinaryUser(int uid, boolean isAnother) {
  private static final int NOBODY = 65_534; // PostgreSQL wants a user that has a name

  /// Who it is here.
  public static OrdinaryUser find() throws IOException {
    int ours = ownerOf(Path.of("/proc/self"));
    return ours == 0 ? new OrdinaryUser(NOBODY, true) : new OrdinaryUser(ours, false);
  }

  /// The command line that runs a command as this user. The process stays the same one.
  public List<String> command(List<String> command) {
    if (!isAnother) {
      return List.copyOf(command);
    }
    var as =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + uid,
                "--regid=" + uid,
                "--clear-groups",
                "--no-new-privs",
                "--"));
    as.addAll(command);
    return List.copyOf(as);
  }

  /// Gives away a directory of ours with all that is in it.
  public void own(Path directory) throws IOException, InterruptedException {
    if (isAnother) {
      must(
          Script.run(
              Map.of(),
              List.of(
                  "chown",
                  "--recursive",
                  "--no-dereference",
                  uid + ":" + uid,
                  directory.toString())),
          "%s cannot be given to user %d".formatted(directory, uid));
    }
  }

  /// @throws IllegalStateException this user may not run it; the message says what helps
  public void mustBeAbleToRun(Path program) throws IOException, InterruptedException {
    must(
        Script.run(Map.of(), command(List.of("test", "-x", program.toString()))),
        "%s cannot be run by user %d, as whom this test starts it: a directory on the way is closed to other users. Use one that all may read, such as a JDK below /usr/lib/jvm"
            .formatted(program, uid));
  }

  /// The user id that a file belongs to.
  public static int ownerOf(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  private static void must(Script script, String orElse) {
    if (script.code() != 0) {
      throw new IllegalStateException((orElse + " " + script.err()).strip());
    }
  }
}
