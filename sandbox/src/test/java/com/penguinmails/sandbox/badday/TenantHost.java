package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.docker.Container;

/// A tenant's host as its owner sees it: as root, on the machine itself, not through our SSH.
record TenantHost(Container container) {
  /// Runs a shell script, which must succeed.
  ///
  /// @return its standard output, stripped
  String run(String script) {
    var output = container.exec("sh", "-euc", script);
    assertThat(output.exitCode()).as("%s: %s", script, output).isZero();
    return output.standardOutput().strip();
  }

  /// Shows another content under a file's name, until `showAgain`; the file itself stays.
  ///
  /// @param edit a `sed` script that makes the other content from the true one
  void show(String file, String edit) {
    run(
        "copy=$(mktemp); sed '%2$s' %1$s > $copy; chmod 0644 $copy; mount --bind $copy %1$s"
            .formatted(file, edit));
  }

  void showAgain(String file) {
    run("umount " + file);
  }

  /// None of ours is on it: no login, no file, no package.
  void assertUntouched() {
    assertThat(run("getent passwd penguin || true")).isEmpty();
    assertThat(run("ls -d /etc/penguin /var/lib/penguin /usr/local/lib/penguin 2>&- || true"))
        .isEmpty();
    assertThat(isInstalled("postfix")).isFalse();
  }

  boolean isInstalled(String debianPackage) {
    return run("dpkg-query -W -f '${db:Status-Status}' %s 2>&- || true".formatted(debianPackage))
        .equals("installed");
  }
}
