package com.penguinmails.ports.mail.smtp;

import com.penguinmails.ports.dns.ResolverLookup;
import com.penguinmails.ports.dns.ResolverLookup.Known;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.core.exceptions.TimeoutException;

/// Answers jSPF's questions through our resolvers.
final class SpfDns implements DNSService {
  private final ResolverLookup lookup;
  private int recordLimit = 10; // RFC 7208, 4.6.4

  SpfDns(ResolverLookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public List<String> getRecords(DNSRequest request) throws TimeoutException {
    RecordName name;
    try {
      name = new RecordName(withoutFinalDot(request.getHostname()));
    } catch (IllegalArgumentException notAName) {
      return List.of();
    }
    return switch (lookup.ask(name, type(request.getRecordType()))) {
      case Known.Found found ->
          found.values().stream().map(value -> plain(request, value)).toList();
      case Known.Absent _ -> List.of();
      case Known.Unknown unknown -> throw new TimeoutException(unknown.reason());
    };
  }

  @Override
  public CompletionStage<List<String>> getRecordsAsync(DNSRequest request) {
    try {
      return CompletableFuture.completedFuture(getRecords(request));
    } catch (TimeoutException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public List<String> getLocalDomainNames() {
    return List.of();
  }

  @Override
  public void setTimeOut(int seconds) {
    // Our resolver has its own time-outs.
  }

  @Override
  public int getRecordLimit() {
    return recordLimit;
  }

  @Override
  public void setRecordLimit(int limit) {
    recordLimit = limit;
  }

  private static String plain(DNSRequest request, String value) {
    // An MX value is "10 host"; jSPF wants the host.
    return request.getRecordType() == DNSRequest.MX
        ? value.substring(value.indexOf(' ') + 1)
        : value;
  }

  private static DnsRecord.Type type(int asked) {
    return switch (asked) {
      case DNSRequest.A -> DnsRecord.Type.A;
      case DNSRequest.AAAA -> DnsRecord.Type.AAAA;
      case DNSRequest.MX -> DnsRecord.Type.MX;
      case DNSRequest.PTR -> DnsRecord.Type.PTR;
      default -> DnsRecord.Type.TXT; // the SPF type is obsolete (RFC 7208, 3.1)
    };
  }

  private static String withoutFinalDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
