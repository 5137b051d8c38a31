package com.penguinmails.ports.reputation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.penguinmails.ports.dns.InMemoryResolver;
import com.penguinmails.ports.reputation.Blacklists.Answer;
import com.penguinmails.ports.reputation.Blacklists.Severity;
import com.penguinmails.ports.reputation.Blacklists.Verdict;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists as they are: some name the address, some are dead, some name the world, some refuse us.
class DnsBlacklistsTest {
  private static final IpAddress ADDRESS = new IpAddress("192.0.2.9");

  @TempDir private Path directory;
  private final InMemoryResolver resolver = new InMemoryResolver();
  private Blacklists lists;

  @BeforeEach
  void oneList() throws IOException {
    var file = directory.resolve("lists.tsv");
    Files.writeString(
        file,
        "bl.test\tcritical\t127.0.0.2=spam;127.0.0.4-7=exploited;~127.0.0.9=told only;"
            + "!127.255.255.254=refused\t2.0.0.127\t1.0.0.127\thttps://bl.test/remove\n");
    lists = DnsBlacklists.of(file, resolver, Clock.systemUTC());
    put("2.0.0.127.bl.test", "127.0.0.2");
  }

  private void put(String name, String value) {
    resolver.set(name, DnsRecord.Type.A, value);
  }

  private Answer answer() {
    return lists.ask(ADDRESS).getFirst();
  }

  @Test
  void findsACleanAddressClean() {
    assertThat(answer())
        .isEqualTo(new Answer("bl.test", Severity.CRITICAL, Verdict.CLEAN, "not on the list"));
  }

  @Test
  void saysWhyAnAddressIsListedAndWhereToAsk() {
    put("9.2.0.192.bl.test", "127.0.0.5");

    assertThat(answer().verdict()).isEqualTo(Verdict.LISTED);
    assertThat(answer().evidence()).contains("exploited", "https://bl.test/remove");
  }

  @Test
  void takesARemarkForNoListing() {
    put("9.2.0.192.bl.test", "127.0.0.9");

    assertThat(answer().verdict()).isEqualTo(Verdict.CLEAN);
  }

  @Test
  void doesNotBelieveADeadList() {
    resolver.remove("2.0.0.127.bl.test", DnsRecord.Type.A);
    put("9.2.0.192.bl.test", "127.0.0.2");

    assertThat(answer())
        .extracting(Answer::verdict, Answer::evidence)
        .containsExactly(Verdict.UNKNOWN, "does not name its own test address");
  }

  @Test
  void doesNotBelieveAListOfTheWorld() {
    put("1.0.0.127.bl.test", "127.0.0.2");
    put("9.2.0.192.bl.test", "127.0.0.2");

    assertThat(answer().verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(answer().evidence()).contains("lists the world");
  }

  @Test
  void doesNotTakeARefusalForAListing() {
    put("9.2.0.192.bl.test", "127.255.255.254");

    assertThat(answer().verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(answer().evidence()).contains("refuses to answer us");
  }

  @Test
  void doesNotTakeAParkedDomainForAListing() {
    put("9.2.0.192.bl.test", "203.0.113.80");

    assertThat(answer().verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void doesNotTakeSilenceForAllClear() {
    resolver.fail("9.2.0.192.bl.test", "SERVFAIL");

    assertThat(answer().verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(answer().evidence()).contains("SERVFAIL");
  }

  @Test
  void knowsItsOwnFile() {
    var answers = DnsBlacklists.usual(resolver, Clock.systemUTC()).ask(ADDRESS);

    assertThat(answers).hasSizeGreaterThan(20);
    assertThat(answers)
        .extracting(Answer::list, Answer::severity)
        .contains(tuple("zen.spamhaus.org", Severity.CRITICAL));
    assertThat(answers).extracting(Answer::verdict).containsOnly(Verdict.UNKNOWN);
  }
}
