package com.penguinmails.ports.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Sessions are counted here; that they are real ones is for the adapters' tests.
class KeptSessionsTest {
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final Target TARGET = new Target(new IpAddress("192.0.2.10"), 22, "penguin");
  private static final HostKey.Pinned KEY = new HostKey.Pinned("SHA256:abc");
  private static final Login LOGIN = new Login.PrivateKey("pem");

  private final List<Counted> opened = new ArrayList<>();
  private final KeptSessions sessions = keeping(Duration.ofMinutes(1));

  private KeptSessions keeping(Duration kept) {
    return new KeptSessions(
        (target, hostKey, login, timeout) -> {
          var session = new Counted();
          opened.add(session);
          return session;
        },
        kept);
  }

  @Test
  void logsInOnceForOneUseAfterAnother() {
    for (int use = 0; use < 3; use++) {
      try (var host = sessions.any(TARGET, KEY, LOGIN, LIMIT)) {
        host.run(List.of("true"), new byte[0], LIMIT);
      }
    }

    assertThat(opened).hasSize(1);
    assertThat(opened.getFirst().isClosed).isFalse();
  }

  @Test
  void givesNobodyWhatAnotherUses() {
    try (var one = sessions.any(TARGET, KEY, LOGIN, LIMIT);
        var other = sessions.any(TARGET, KEY, LOGIN, LIMIT)) {
      assertThat(one).isNotSameAs(other);
    }

    assertThat(opened).hasSize(2);
    assertThat(opened).extracting(session -> session.isClosed).containsOnlyOnce(true);
  }

  @Test
  void isNotTakenForAnotherLoginHostOrKey() {
    sessions.any(TARGET, KEY, LOGIN, LIMIT).close();
    sessions.any(TARGET, KEY, new Login.PrivateKey("rotated"), LIMIT).close();
    sessions.any(TARGET, new HostKey.Pinned("SHA256:new"), LOGIN, LIMIT).close();
    sessions.any(new Target(TARGET.address(), 2222, "penguin"), KEY, LOGIN, LIMIT).close();

    assertThat(opened).hasSize(4);
  }

  @Test
  void logsInAnewWhenThatIsWhatIsAsked() {
    sessions.any(TARGET, KEY, LOGIN, LIMIT).close();
    sessions.fresh(TARGET, KEY, LOGIN, LIMIT).close();

    assertThat(opened).hasSize(2);
    assertThat(opened.getFirst().isClosed).isTrue();
  }

  @Test
  void keepsNoneThatFailedOrWasLost() {
    try (var host = sessions.any(TARGET, KEY, LOGIN, LIMIT)) {
      opened.getFirst().isLost = true;
      assertThatThrownBy(() -> host.run(List.of("true"), new byte[0], LIMIT))
          .isInstanceOf(Unavailable.class);
      opened.getFirst().isLost = false;
    }
    sessions.any(TARGET, KEY, LOGIN, LIMIT).close();
    opened.get(1).isLost = true; // while nobody used it
    sessions.any(TARGET, KEY, LOGIN, LIMIT).close();

    assertThat(opened).extracting(session -> session.isClosed).containsExactly(true, true, false);
  }

  @Test
  void closesWhatNobodyWants() {
    var brief = keeping(Duration.ofMillis(50));

    brief.any(TARGET, KEY, LOGIN, LIMIT).close();

    await().atMost(Duration.ofSeconds(10)).until(() -> opened.getFirst().isClosed);
    brief.any(TARGET, KEY, LOGIN, LIMIT).close();
    assertThat(opened).hasSize(2);
  }

  @Test
  void countsItsTimeFromTheLastUse() throws InterruptedException {
    var brief = keeping(Duration.ofMillis(1_500));

    brief.any(TARGET, KEY, LOGIN, LIMIT).close();
    Thread.sleep(1_000);
    brief.any(TARGET, KEY, LOGIN, LIMIT).close();
    Thread.sleep(1_000); // the first use was longer ago than it is kept

    assertThat(opened).singleElement().satisfies(one -> assertThat(one.isClosed).isFalse());
    await().atMost(Duration.ofSeconds(10)).until(() -> opened.getFirst().isClosed);
  }

  private static final class Counted implements RemoteHost {
    volatile boolean isClosed;
    volatile boolean isLost;

    @Override
    public String hostKeyFingerprint() {
      return KEY.fingerprint();
    }

    @Override
    public boolean isLost() {
      return isLost;
    }

    @Override
    public Output run(List<String> command, byte[] standardInput, Duration timeout) {
      if (isLost) {
        throw new Unavailable("lost on purpose");
      }
      return new Output(0, "", "");
    }

    @Override
    public void stage(String name, byte[] content) {
      throw new UnsupportedOperationException("not staged here: " + name);
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }
}
