package com.penguinmails.ports.host;

import com.penguinmails.workflows.model.IpAddress;
import java.time.Duration;

/// Opens sessions with hosts.
public interface RemoteHosts {
  /// Connects and logs in.
  ///
  /// @throws com.penguinmails.workflows.model.OutsideException.Unavailable no answer in time
  /// @throws com.penguinmails.workflows.model.OutsideException.Refused type `HOST_KEY_CHANGED` when
  ///   the host shows another key than the pinned one (nothing was sent), `LOGIN_REFUSED` when it
  ///   does not take the login
  RemoteHost connect(Target target, HostKey hostKey, Login login, Duration timeout);

  /// @param port SSH port, 1 to 65,535
  record Target(IpAddress address, int port, String user) {}

  /// What we know of the host's key.
  sealed interface HostKey {
    /// Only this fingerprint (`SHA256:…`) is accepted.
    record Pinned(String fingerprint) implements HostKey {}

    /// Trust on first use: allowed for the very first contact only; the caller pins what it saw.
    record FirstContact() implements HostKey {}
  }

  /// How we log in. `toString` never shows the secret.
  sealed interface Login {
    /// The tenant's one-time password.
    record Password(String password) implements Login {
      @Override
      public String toString() {
        return "Password[…]";
      }
    }

    /// @param privateKeyPem OpenSSH or PKCS#8 PEM, not encrypted
    record PrivateKey(String privateKeyPem) implements Login {
      @Override
      public String toString() {
        return "PrivateKey[…]";
      }
    }
  }
}
