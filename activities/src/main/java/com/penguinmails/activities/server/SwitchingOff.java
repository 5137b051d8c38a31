package com.penguinmails.activities.server;

import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.ProviderServerId;

/// Switches off what is paid for and used no more. Off once more is off.
final class SwitchingOff {
  private SwitchingOff() {}

  /// Only what was agreed to in readable form is told as done. A no of the seller's is told to
  /// staff and not waited for: perhaps the server was given up there already.
  ///
  /// @return how the server is now, to follow its id
  static String tell(VpsProvider provider, ProviderServerId found) {
    try {
      provider.power(found, VpsProvider.Power.OFF);
      return "is switched off";
    } catch (Refused no) {
      if (no.type() == FailureType.LOGIN_REFUSED) {
        throw no; // of us, not of this
      }
      return "runs on, for its seller refused to switch it off (%s)".formatted(no.getMessage());
    }
  }
}
