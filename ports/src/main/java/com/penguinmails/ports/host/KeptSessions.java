package com.penguinmails.ports.host;

import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Keeps a session open for a moment after its use: a converge speaks with a host every second, and
/// logging in takes longer than most of what is said. A session serves one caller at a time; one
/// that was lost or did not answer is not kept.
public final class KeptSessions {
  private final RemoteHosts hosts;
  private final Executor afterAWhile;
  private final Map<Key, Kept> idle = new ConcurrentHashMap<>();

  /// @param kept how long a session waits for its next use
  public KeptSessions(RemoteHosts hosts, Duration kept) {
    this.hosts = hosts;
    this.afterAWhile =
        CompletableFuture.delayedExecutor(
            kept.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread);
  }

  /// A kept session, or a new one as of [#fresh].
  public RemoteHost any(Target target, HostKey.Pinned hostKey, Login login, Duration timeout) {
    var key = new Key(target, hostKey, login);
    var kept = idle.remove(key);
    if (kept != null && !kept.isLost()) {
      return new Kept(key, kept.session);
    }
    if (kept != null) {
      kept.session.close();
    }
    return fresh(target, hostKey, login, timeout);
  }

  /// A new session, which proves that the login works now; fails as [RemoteHosts#connect] does.
  public RemoteHost fresh(Target target, HostKey.Pinned hostKey, Login login, Duration timeout) {
    return new Kept(
        new Key(target, hostKey, login), hosts.connect(target, hostKey, login, timeout));
  }

  /// Its time begins anew with each use: what was kept before is another `Kept`.
  private void keep(Kept used) {
    var surplus = idle.put(used.key, used);
    if (surplus != null) {
      surplus.session.close();
    }
    afterAWhile.execute(() -> {
      if (idle.remove(used.key, used)) {
        used.session.close();
      }
    });
  }

  private record Key(Target target, HostKey.Pinned hostKey, Login login) {}

  /// Closing it keeps the session, unless it failed.
  private final class Kept implements RemoteHost {
    private final Key key;
    private final RemoteHost session;
    private boolean hasFailed;
    private boolean isClosed;

    Kept(Key key, RemoteHost session) {
      this.key = key;
      this.session = session;
    }

    @Override
    public String hostKeyFingerprint() {
      return session.hostKeyFingerprint();
    }

    @Override
    public boolean isLost() {
      return session.isLost();
    }

    @Override
    public Output run(List<String> command, byte[] standardInput, Duration timeout) {
      try {
        return session.run(command, standardInput, timeout);
      } catch (Unavailable failure) {
        hasFailed = true;
        throw failure;
      }
    }

    @Override
    public void stage(String name, byte[] content) {
      try {
        session.stage(name, content);
      } catch (Unavailable failure) {
        hasFailed = true;
        throw failure;
      }
    }

    @Override
    public void close() {
      if (isClosed) {
        return;
      }
      isClosed = true;
      if (hasFailed || session.isLost()) {
        session.close();
      } else {
        keep(this);
      }
    }
  }
}
