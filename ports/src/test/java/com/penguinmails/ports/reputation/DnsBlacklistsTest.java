package com.penguinmails.ports.reputation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.reputation.Blacklists.Answer;
import com.penguinmails.ports.reputation.Blacklists.Severity;
import com.penguinmails.ports.reputation.Blacklists.Verdict;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists as they are: some name the address, some are dead, some name the world, some refuse us.
class DnsBlacklistsTest {
  private static final IpAddress ADDRESS = new IpAddress("192.0.2.9");

  @TempDir private Path directory;
  private final Map<String, Resolver.Answer> zone = new HashMap<>();
  private Blacklists lists;

  @BeforeEach
  void oneList() throws IOException {
    var file = directory.resolve("lists.tsv");
    Files.writeString(
        file,
        "bl.test\tcritical\t127.0.0.2=spam;127.0.0.4-7=exploited;~127.0.0.9=told only;"
            + "!127.255.255.254=refused\t2.0.0.127\t1.0.0.127\thttps://bl.test/remove\n");
    lists = DnsBlacklists.of(file, new OneZone(), Clock.systemUTC());
    put("2.0.0.127.bl.test", "127.0.0.2");
  }

  private void put(String name, String... values) {
    zone.put(
        name,
        new Resolver.Answer.Found(
            List.of(values).stream()
                .map(value -> new DnsRecord(new RecordName(name), DnsRecord.Type.A, value, 60))
                .toList()));
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
    zone.remove("2.0.0.127.bl.test");
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
    zone.put("9.2.0.192.bl.test", new Resolver.Answer.Failed("SERVFAIL"));

    assertThat(answer().verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(answer().evidence()).contains("SERVFAIL");
  }

  @Test
  void knowsItsOwnFile() {
    var answers = DnsBlacklists.usual(new OneZone(), Clock.systemUTC()).ask(ADDRESS);

    assertThat(answers).hasSizeGreaterThan(20);
    assertThat(answers)
        .extracting(Answer::list, Answer::severity)
        .contains(tuple("zen.spamhaus.org", Severity.CRITICAL));
    assertThat(answers).extracting(Answer::verdict).containsOnly(Verdict.UNKNOWN);
  }

  /// Answers from the map; what is not there does not exist.
  private final class OneZone implements Resolver {
    @Override
    public Optional<Delegation> delegation(RecordName name) {
      return Optional.empty();
    }

    @Override
    public List<ServerAnswer> askAuthoritative(
        Delegation delegation, RecordName name, DnsRecord.Type type) {
      return List.of();
    }

    @Override
    public List<ServerAnswer> askRecursive(RecordName name, DnsRecord.Type type) {
      return List.of(
          new ServerAnswer("resolver", zone.getOrDefault(name.value(), new Answer.Absent(false))));
    }
  }
}
