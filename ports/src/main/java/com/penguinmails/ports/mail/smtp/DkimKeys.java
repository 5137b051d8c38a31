package com.penguinmails.ports.mail.smtp;

import com.penguinmails.ports.dns.ResolverLookup;
import com.penguinmails.ports.dns.ResolverLookup.Known;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import org.apache.james.jdkim.api.PublicKeyRecordRetriever;
import org.apache.james.jdkim.exceptions.PermFailException;
import org.apache.james.jdkim.exceptions.TempFailException;

/// Fetches DKIM keys through our resolvers, which join the strings of a long TXT record (RFC 6376,
/// 3.6.2.2).
final class DkimKeys implements PublicKeyRecordRetriever {
  private final ResolverLookup lookup;

  DkimKeys(ResolverLookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public List<String> getRecords(CharSequence method, CharSequence selector, CharSequence domain)
      throws TempFailException, PermFailException {
    if (!"dns/txt".contentEquals(method)) {
      throw new PermFailException("the key is said to be somewhere else than in DNS");
    }
    RecordName name;
    try {
      name = new RecordName(selector + "._domainkey." + domain);
    } catch (IllegalArgumentException notAName) {
      throw new PermFailException("selector and domain make no DNS name");
    }
    return switch (lookup.ask(name, DnsRecord.Type.TXT)) {
      case Known.Found found -> found.values();
      case Known.Absent _ -> throw new PermFailException("no key at " + name);
      case Known.Unknown unknown ->
          throw new TempFailException("no answer for " + name + ": " + unknown.reason());
    };
  }
}
