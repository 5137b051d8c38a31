package com.penguinmails.ports.host;

import java.time.Duration;
import java.util.List;

/// One open session with a host. Not shared between threads; closing it is safe at any time. Every
/// method throws `Unavailable` when the connection is lost (the effect may have happened) and
/// `Refused` when the host says no.
public interface RemoteHost extends AutoCloseable {
  /// SHA-256 fingerprint of the key the host showed, as `ssh-keygen -lf` prints it (`SHA256:…`).
  String hostKeyFingerprint();

  /// Whether the connection is known to be lost. A host that has just vanished is not known to be.
  boolean isLost();

  /// Runs one program. Arguments are quoted by the adapter, never by the caller; secrets go through
  /// standard input only. Output is cut at 1 MiB each.
  ///
  /// @param timeout after it the channel is closed; the program may still be running
  Output run(List<String> command, byte[] standardInput, Duration timeout);

  /// Writes a file into the staging directory of our login (0700), mode 0600. Replaces one of the
  /// same name; safe to repeat.
  ///
  /// @param name a plain file name, no slash
  void stage(String name, byte[] content);

  @Override
  void close();

  /// What a program left behind.
  record Output(int exitCode, String standardOutput, String standardError) {}
}
