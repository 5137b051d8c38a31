package com.penguinmails.ports.vps;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import java.util.List;

/// Sells virtual servers. A success that a provider reports is not yet an effect: whoever must know
/// reads afterwards. Every method throws `Unavailable` when no answer came or none that can be read
/// (the effect may have happened), `RateLimited`, or `Refused` when the provider said no in
/// readable form (nothing happened), with type `LOGIN_REFUSED` when it does not take our key. What
/// [#capabilities] does not offer is `Refused` without a call.
public interface VpsProvider {
  /// Stable name as tables and settings have it: `hostwinds`.
  String name();

  /// What can be done here.
  Capabilities capabilities();

  /// What is for sale, as it costs now; the cheapest first. Safe to repeat.
  List<VpsPlan> plans();

  /// Where servers can stand. Safe to repeat.
  List<Place> places();

  /// Systems a server can be bought with. Safe to repeat.
  List<Image> images();

  /// Our servers with this label, oldest first. Safe to repeat. A purchase may take minutes to
  /// appear: an empty list does not prove that nothing was bought.
  List<Vps> findByLabel(OrderLabel label);

  /// Every server of the account, also those that are not ours. Safe to repeat.
  List<Vps> all();

  /// One server as it is now. Safe to repeat.
  ///
  /// @throws com.penguinmails.workflows.model.OutsideException.Refused there is none of this id
  Vps get(ProviderServerId server);

  /// Buys one server. NOT safe to repeat: every call that is heard costs money. The answer names no
  /// server: look the label up.
  void buy(Purchase purchase);

  /// The password of `root` as the provider made it. Secret: goes into the secret store and nowhere
  /// else. Safe to repeat.
  RootPassword rootPassword(ProviderServerId server);

  /// Makes the PTR record of an address this name. Safe to repeat. May take a day to be seen.
  void setReverseName(ProviderServerId server, IpAddress address, DomainName name);

  /// Orders another main address. Paid, and NOT safe to repeat. A success does not mean that the
  /// address changed; some minutes of silence follow if it did.
  void changeMainAddress(ProviderServerId server);

  /// Switches on, off, or off and on; the disk stays. Safe to repeat, but a reboot reboots.
  void power(ProviderServerId server, Power wanted);

  /// Installs the system anew: the disk is emptied, the host key is another, and `root` has the
  /// password that [#rootPassword] shows from then on. Name and address stay. Safe to repeat until
  /// somebody uses the server.
  ///
  /// @param image [Image#id]
  void reinstall(ProviderServerId server, String image);

  /// Gives the server another name: [#findByLabel] finds it by that one alone. Safe to repeat.
  void rename(ProviderServerId server, String name);

  /// Orders another size. Makes an invoice, and is NOT safe to repeat. The size changes later, if
  /// at all. Not called yet: whoever calls it writes the ledger first, as for a purchase.
  ///
  /// @param plan [VpsPlan#id]
  void orderUpgrade(ProviderServerId server, String plan);

  /// Gives the server up for good, with its disk and address. Safe to repeat, also while it leaves,
  /// which may take minutes.
  void terminate(ProviderServerId server);

  /// Which of the ways to switch.
  enum Power {
    ON,
    OFF,
    REBOOT
  }

  /// @param id as [Purchase] and [Vps] have it
  record Place(String id, String name) {}

  /// @param id as [Purchase] has it
  record Image(String id, String name) {}

  /// @param plan [VpsPlan#id]
  /// @param place [Place#id]
  /// @param image [Image#id]
  record Purchase(OrderLabel label, String plan, String place, String image) {}

  /// Shows nothing when printed.
  record RootPassword(String value) {
    @Override
    public String toString() {
      return "RootPassword[…]";
    }
  }

  /// What a provider can do. Workflows plan around what is missing.
  ///
  /// @param reverseNames PTR records can be set by us
  /// @param addressChange another main address can be ordered
  /// @param upgrades another size can be ordered
  /// @param renames a server can be given another name
  /// @param invoices what was charged can be read
  /// @param cancelAtPeriodEnd a server can be given up at the end of what is paid
  /// @param maxAddresses addresses one server can have
  record Capabilities(
      boolean reverseNames,
      boolean addressChange,
      boolean upgrades,
      boolean renames,
      boolean invoices,
      boolean cancelAtPeriodEnd,
      int maxAddresses) {}
}
