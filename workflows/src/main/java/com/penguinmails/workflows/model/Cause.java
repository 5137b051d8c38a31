package com.penguinmails.workflows.model;

/// Why something cannot go on by itself, in the tenant's words, and what helps: the same in the API
/// and in Temporal's UI. Names are stored in histories and rows: never rename one. Words may
/// change.
public enum Cause {
  HOST_UNREACHABLE(
      Helper.TENANT,
      "Your server does not answer on its SSH port.",
      "Check that the server is switched on, that address and port are right, and that no"
          + " firewall blocks SSH. We keep trying."),
  HOST_LOGIN_REFUSED(
      Helper.TENANT,
      "Your server did not accept the user name with the password or key you gave.",
      "Try the login yourself with ssh. If the password or key you gave was wrong, retry"
          + " with the right one."),
  HOST_KEY_CHANGED(
      Helper.TENANT,
      "Your server shows another identity (SSH host key) than before. We stopped at once"
          + " and sent nothing.",
      "If you reinstalled the server, cancel this set-up and start a new one. If you did"
          + " not, somebody may be between us and your server: ask your provider."),
  HOST_NOT_DEBIAN_12(
      Helper.TENANT,
      "Your server does not run Debian 12.",
      "Other systems are not supported yet. Cancel this set-up, install Debian 12"
          + " (bookworm) on the server, then order a new set-up: a new system has a new"
          + " identity. Nothing was changed on the server so far."),
  HOST_TOO_SMALL(
      Helper.TENANT,
      "Your server has too little memory for a mail server.",
      "Choose a size with at least 1 GB of memory at your provider, then retry. Nothing"
          + " was changed on the server so far."),
  HOST_DISK_FULL(
      Helper.TENANT,
      "The disk of your server is full, or has too little free space for a mail server.",
      "Free some space (the evidence says where, at least 2 GB in all) or enlarge the"
          + " disk, then retry. We delete nothing of yours."),
  HOST_FOREIGN_MAIL_SERVICE(
      Helper.TENANT,
      "A mail service that we did not install already runs on your server.",
      "We never replace what is yours. Remove that service yourself, or use a fresh"
          + " server, then retry."),
  HOST_CLOCK_SKEWED(
      Helper.TENANT,
      "The clock of your server is wrong or cannot be kept right, so certificates and"
          + " signatures would not be accepted.",
      "Set the clock, switch on time synchronisation (NTP) and let the server reach time"
          + " servers (UDP port 123 out), or ask your provider; then retry."),
  HOST_PACKAGES_LOCKED(
      Helper.TIME,
      "Another program on your server is installing packages at the moment.",
      "Nothing to do: we go on as soon as it is finished, usually within minutes. If it"
          + " hangs, the evidence names the program: stop it, or restart the server."),
  HOST_PACKAGES_CONFLICT(
      Helper.TENANT,
      "Packages on your server stand in the way of those a mail server needs.",
      "The evidence names them. Remove them yourself if you do not need them, or use a"
          + " fresh server, then retry. We remove nothing of yours."),
  HOST_MIRROR_DOWN(
      Helper.TIME,
      "Your server cannot fetch packages: its package mirror does not answer.",
      "Nothing to do: we keep trying. If it lasts, check that the server reaches the"
          + " Internet and which mirror is set in /etc/apt."),
  HOST_DRIFTED(
      Helper.TIME,
      "Your server is not as we left it: something that it needs for mail was changed or removed.",
      "It is put right by itself. If you changed it on purpose, tell us: it is put back each time."),
  HOST_STEP_FAILED(
      Helper.STAFF,
      "A step of the installation on your server failed.",
      "Our staff look at it. You may retry at any time: finished steps are not repeated."),
  PURCHASES_STOPPED(
      Helper.STAFF,
      "We are not buying servers at the moment.",
      "Our staff have stopped purchases and start them again; the set-up goes on by itself then."),
  PRICE_ABOVE_BUDGET(
      Helper.TENANT,
      "The server you chose costs more than you allowed.",
      "The evidence names the price. Retry with a higher budget, or cancel and choose another size."
          + " Nothing was bought."),
  TENANT_CAP_REACHED(
      Helper.STAFF,
      "With this server, all of yours together would cost more a month than is agreed.",
      "Ask us for a higher limit, or retire a set-up whose server you do not need. Nothing was"
          + " bought."),
  INSTALLATION_CAP_REACHED(
      Helper.STAFF,
      "We have reached our own limit for buying servers.",
      "Our staff look at it; the set-up goes on by itself then. Nothing was bought."),
  PROVIDER_PLAN_UNKNOWN(
      Helper.TENANT,
      "The provider does not sell the size of server you chose, or not in that place.",
      "The evidence names what it sells. Cancel this set-up and order one of those. Nothing was"
          + " bought."),
  PROVIDER_UNREACHABLE(
      Helper.TIME,
      "The seller of the server does not answer, or not in a way that can be read.",
      "Nothing to do: we keep trying. Nothing is bought twice."),
  PROVIDER_LOGIN_REFUSED(
      Helper.STAFF,
      "The seller of the server does not accept our access to it.",
      "Our staff renew it; the set-up goes on by itself then."),
  PROVIDER_REFUSED(
      Helper.STAFF,
      "The seller of the server said no: it has none left in that place, or an invoice is open.",
      "Our staff look at the reason it gave. You may retry at any time. Nothing was bought."),
  PURCHASE_UNCLEAR(
      Helper.STAFF,
      "We do not know yet whether the server was bought: its seller's answer was lost.",
      "Our staff look it up at the seller. Until then nothing is bought again."),
  PURCHASE_DOUBLED(
      Helper.STAFF,
      "The seller has more than one server under the name of this order. One is used.",
      "Our staff clear it up with the seller; nothing for you to do."),
  PROVIDER_SERVER_FAILED(
      Helper.STAFF,
      "The bought server was not built in the time that takes, or its seller has stopped it.",
      "Our staff clear it up with the seller or replace the server. We keep looking, and go on as"
          + " soon as it runs."),
  ADDRESS_LISTED(
      Helper.STAFF,
      "The address the seller gave your server is on lists of spam sources, from whoever had it"
          + " before. Nothing was sent from it.",
      "Our staff get it off the lists, or another address. We ask the lists again all the time."),
  PORT_25_BLOCKED(
      Helper.STAFF,
      "The seller does not let your server send mail: its port 25 is closed towards others.",
      "Our staff have it opened, or get another server. We try again all the time."),
  SERVER_SILENT(
      Helper.TIME,
      "The bought server does not answer yet: it was just built, or has just got another address.",
      "Nothing to do: after a change of address this takes up to a quarter of an hour."),
  SERVER_ADDRESS_AWAITED(
      Helper.TIME,
      "The server has no address yet: it is still being bought or built.",
      "Nothing to do: we go on as soon as it has one."),
  SERVER_PARKED(
      Helper.STAFF,
      "A bought server is switched off and no longer used, but still paid for.",
      "Our staff give it up at its seller; nothing for you to do."),
  SERVER_STRAY(
      Helper.STAFF,
      "A server is paid for at its seller, and nothing of ours uses it.",
      "Our staff clear it up with the seller; nothing for you to do."),
  SERVER_MISSING(
      Helper.STAFF,
      "The seller of the server does not list it any more.",
      "Our staff clear it up with the seller."),
  SERVER_SIZE_DRIFTED(
      Helper.STAFF,
      "The server has another size at its seller than was ordered.",
      "Our staff clear it up with the seller; nothing for you to do."),
  SERVER_ADDRESS_DRIFTED(
      Helper.STAFF,
      "The server has another address at its seller than the one its records name.",
      "Our staff clear it up with the seller."),
  SERVER_REVERSE_NAME_DRIFTED(
      Helper.STAFF,
      "The address of the server does not point back to its name any more (PTR record). Many"
          + " receivers refuse mail from such servers.",
      "The name is ordered again by itself; nothing for you to do."),
  SERVER_NAME_DRIFTED(
      Helper.STAFF,
      "The server has another name at its seller than the one it was ordered under.",
      "Our staff give it its name back; nothing for you to do."),
  SERVER_WITHOUT_RUN(
      Helper.STAFF,
      "Nobody looks after the server at the moment: its workflow has no run.",
      "It is started again by itself; nothing for you to do."),
  RECORDS_GONE(
      Helper.TIME,
      "Records of the domain that were proved are not in its zone any more.",
      "Missing ones are put back by themselves. Where your zone is kept by hand, or another value has"
          + " taken their place, the page of the set-up says what is to be entered."),
  DOMAIN_OWNED_BY_ANOTHER(
      Helper.TENANT,
      "Another customer of ours has proved that this domain, or one above or below it, is theirs.",
      "We have asked them to prove it again. If the domain is yours, see to it that their TXT record"
          + " _penguinmails-challenge goes from your zone, and keep your own; once theirs stayed away"
          + " for the time in the evidence, the domain is yours and we go on by ourselves. Until then"
          + " we buy nothing for it and write nothing but your proof."),
  DOMAIN_PROOF_MISSING(
      Helper.TENANT,
      "Somebody else has proved that your domain is theirs, and your own proof is gone from DNS.",
      "If the domain is still yours, enter the TXT record in the evidence again, in time: otherwise"
          + " it goes to whoever proved it."),
  DNS_LOGIN_REFUSED(
      Helper.TENANT,
      "Your DNS host did not accept the key or token you gave for changing the zone.",
      "Check the token, or name, algorithm and secret of the TSIG key, and that it may update this"
          + " zone, then retry, with another one if need be."),
  DNS_UNREACHABLE(
      Helper.TIME,
      "Your DNS server does not answer, asks us to wait, or answers with an error of its own"
          + " (SERVFAIL).",
      "Nothing to do at first: we keep trying. If it lasts, check address and port of the"
          + " server and its logs."),
  DNS_REFUSED(
      Helper.TENANT,
      "Your DNS host does not let us read or change the zone: the key or token you gave has no right"
          + " to, or a record there forbids it.",
      "The evidence names what is missing. Allow the key or token to change this zone at your DNS"
          + " host, then retry, with another one if need be."),
  DNS_NOT_DELEGATED(
      Helper.TENANT,
      "Your domain is not delegated to the DNS host you named, so nobody would see its"
          + " records.",
      "Enter the name servers of this DNS host as those of the domain at your registrar. We go on"
          + " as soon as the delegation is visible."),
  DNS_FOREIGN_MX(
      Helper.TENANT,
      "Your domain already receives mail elsewhere: it has MX records that are not ours.",
      "We never replace them without your yes. Use another domain or a subdomain, remove"
          + " the records, or retry with allowMxReplace set to true."),
  DNS_RECORD_CONFLICT(
      Helper.TENANT,
      "A record in your zone stands in the way of one we need.",
      "The evidence names the record. Change or remove it, then retry. We never overwrite"
          + " what is yours."),
  DNS_RECORDS_AWAITED(
      Helper.TENANT,
      "You enter the DNS records of your domain by hand, and not all of them are right yet.",
      "Enter the records listed with this set-up at your DNS host, exactly as they stand there; each"
          + " says what is there now and what is missing. We look again by ourselves, for days if"
          + " need be, and go on when all are right."),
  DNS_NOT_VISIBLE(
      Helper.TIME,
      "The new records are published, but not every name server shows them yet.",
      "Nothing to do: this usually passes within minutes. If it lasts, check that your"
          + " secondary name servers are fed by the primary."),
  DNS_ZONE_BUSY(
      Helper.TIME,
      "Another of our set-ups is writing to the same zone: one at a time does.",
      "Nothing to do: we go on as soon as it is done, usually within seconds."),
  CA_FORBIDDEN_BY_CAA(
      Helper.TENANT,
      "A CAA record of your domain forbids our certificate authority to issue a" + " certificate.",
      "Add a CAA record that allows the authority named in the evidence, or remove the"
          + " CAA records, then retry."),
  CA_UNREACHABLE(
      Helper.TIME, "The certificate authority does not answer.", "Nothing to do: we keep trying."),
  CA_RATE_LIMITED(
      Helper.TIME,
      "The certificate authority issues no more certificates for this domain for a while.",
      "Nothing to do: we try again when it allows it."),
  CA_REFUSED(
      Helper.STAFF,
      "The certificate authority refused to issue a certificate.",
      "Our staff look at the reason it gave."),
  CA_AUTHORISATION_FAILED(
      Helper.TIME,
      "The certificate authority could not yet verify that the domain is yours.",
      "Nothing to do at first: we try again. If it lasts, check that all name servers of"
          + " the domain answer alike."),
  PROOF_MESSAGE_NOT_ARRIVED(
      Helper.TIME,
      "The test message has not arrived yet.",
      "Nothing to do at first: receivers often make new servers wait (greylisting). If it"
          + " lasts, ask your provider whether outgoing port 25 is open."),
  PROOF_SUBMISSION_REFUSED(
      Helper.STAFF,
      "The new server did not accept our test message.",
      "Our staff look at it. You may retry at any time."),
  PROOF_REVERSE_NAME_WRONG(
      Helper.TENANT,
      "The address of your server does not point back to its name (PTR record). Many"
          + " receivers refuse mail from such servers.",
      "Set the reverse name of the address at the server's provider to the name in the"
          + " evidence. We go on as soon as it is visible."),
  PROOF_CHECK_FAILED(
      Helper.STAFF,
      "The test message arrived, but a check of it or of the server failed.",
      "The evidence names the check. Our staff look at it; you may retry at any time."),
  SECRET_STORE_UNAVAILABLE(
      Helper.STAFF,
      "Our store for secrets is closed at the moment.",
      "Our staff open it; the work goes on by itself."),
  SECRET_STORE_REFUSED(
      Helper.STAFF,
      "Our store for secrets does not let us in, or not at what is needed.",
      "Our staff renew our access to it; the work goes on by itself."),
  SETUP_HELD(
      Helper.TENANT,
      "This set-up was cancelled. Nothing more is bought or written for it.",
      "If that was a mistake, take it back with POST /api/v1/setups/{id}/resume before the time in"
          + " resumableUntil: it goes on where it was. After that, what it made is taken back, and a"
          + " new one can be ordered."),
  SETUP_RETIRING(
      Helper.TENANT,
      "You gave this set-up up. All of it works until that can no longer be taken back.",
      "If it was a mistake, take it back with resume. Then nothing changes."),
  OURS(
      Helper.STAFF,
      "Something went wrong on our side.",
      "Our staff look at it; nothing of yours is lost.");

  /// Who can lift a cause.
  public enum Helper {
    /// The tenant must act; the incident says how.
    TENANT,
    /// Our staff must look.
    STAFF,
    /// Nobody needs to act: it usually passes, and we keep trying.
    TIME
  }

  private final Helper helper;
  private final String what;
  private final String nextStep;

  Cause(Helper helper, String what, String nextStep) {
    this.helper = helper;
    this.what = what;
    this.nextStep = nextStep;
  }

  /// Whether its incident stays open until staff close it, though the work goes on.
  public boolean isStanding() {
    return this == PURCHASE_DOUBLED || this == SERVER_PARKED;
  }

  /// The cause as rows and the API write it: `host-login-refused`.
  public String code() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /// What happened: a sentence or two, without jargon that is not explained.
  public String what() {
    return what;
  }

  /// What helps, said to the tenant.
  public String nextStep() {
    return nextStep;
  }

  /// Who can lift it.
  public Helper helper() {
    return helper;
  }
}
