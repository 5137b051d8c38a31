package com.penguinmails.sandbox.world;

import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import java.util.stream.Collectors;

/// A simulation of DNS blacklists, in the world's DNS: one that is sound, one that names the whole
/// world, and one that refuses its answers to our resolver. See RFC 5782.
public final class SimulatedBlacklists {
  /// Names what it was told, and its test address.
  public static final DomainName SOUND = new DomainName("blacklist.test");

  /// Names 127.0.0.1 too, which no list may: what it says means nothing.
  public static final DomainName NAMES_EVERYBODY = new DomainName("names-everybody.test");

  /// Answers every question with the code for "not to you".
  public static final DomainName REFUSES = new DomainName("refuses-answers.test");

  private static final IpAddress TEST_LISTED = new IpAddress("127.0.0.2");
  private static final IpAddress TEST_CLEAN = new IpAddress("127.0.0.1");
  private static final String LISTED = "127.0.0.2";
  private static final String NOT_TO_YOU = "127.255.255.254"; // an open resolver, says Spamhaus

  private final DnsWorld dns;

  private SimulatedBlacklists(DnsWorld dns) {
    this.dns = dns;
  }

  static SimulatedBlacklists in(DnsWorld dns) {
    return new SimulatedBlacklists(dns);
  }

  /// Makes the zones, and answers the lists in the form of the product's own file.
  String open() {
    for (var list : List.of(SOUND, NAMES_EVERYBODY, REFUSES)) {
      var _ = dns.delegate(list);
      put(list, TEST_LISTED, list.equals(REFUSES) ? NOT_TO_YOU : LISTED);
    }
    put(NAMES_EVERYBODY, TEST_CLEAN, LISTED);
    put(REFUSES, TEST_CLEAN, NOT_TO_YOU);
    return List.of(SOUND, NAMES_EVERYBODY, REFUSES).stream()
        .map(list ->
            list + "\tcritical\t127.0.0.2=simulated spam source\t2.0.0.127\t1.0.0.127\tnobody\n")
        .collect(Collectors.joining());
  }

  /// Puts an address on a list.
  public void add(DomainName list, IpAddress address) {
    put(list, address, LISTED);
  }

  /// Takes it off.
  public void remove(DomainName list, IpAddress address) {
    put(list, address);
  }

  private void put(DomainName list, IpAddress address, String... values) {
    var label = address.reverseName().value().replace(".in-addr.arpa", "");
    dns.put(list, RecordName.of(label, list), DnsRecord.Type.A, values);
  }
}
