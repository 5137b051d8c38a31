package com.penguinmails.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.worker.staff.StaffCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/// A member of staff at a command line: `./penguin staff`, in this process.
public record Staff(Map<String, String> environment) {
  public static Staff of(SandboxWorld world) {
    return new Staff(world.staffEnvironment());
  }

  /// Runs a command that does what it should.
  ///
  /// @return what it says
  public String does(String... command) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        StaffCommand.run(
            environment, new PrintWriter(out, true), new PrintWriter(err, true), command);
    assertThat(code).as("%s%s", out, err).isZero();
    return out.toString();
  }
}
