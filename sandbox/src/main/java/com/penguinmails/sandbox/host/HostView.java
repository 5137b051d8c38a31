package com.penguinmails.sandbox.host;

import com.penguinmails.workflows.model.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What others may see of a simulated host: whoever plays its mail programs reads here what they
/// are set up to do. Each answer is as of the moment it is asked.
public interface HostView {
  String name();

  IpAddress address();

  boolean isOn();

  /// Content of a file; empty: there is none.
  Optional<byte[]> file(String path);

  /// Paths of the files below a directory, sorted.
  List<String> filesBelow(String directory);

  /// Names of the units that run, such as `dovecot.service`; Postfix is `postfix@-.service`.
  Set<String> activeUnits();

  /// `dovecot` is `dovecot.service`.
  boolean isUnitActive(String unit);

  /// What a running unit has read of a file when it was started or reloaded last: it may differ
  /// from what is there by now. Empty: it does not run, or keeps nothing of it.
  Optional<byte[]> read(String unit, String path);

  /// The pair our stack has placed for mail and web; empty: none yet.
  Optional<InstalledCertificate> installedCertificate();

  /// @param keyPem private key
  /// @param chainPem leaf first
  record InstalledCertificate(String keyPem, String chainPem) {
    @Override
    public String toString() {
      return "InstalledCertificate[…]";
    }
  }
}
