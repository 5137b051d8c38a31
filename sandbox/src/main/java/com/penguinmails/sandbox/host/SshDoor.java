package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.machine.SshdSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sshd of a host: Apache MINA's, which asks the machine's state for keys, passwords and what
/// its settings allow. What sshd has not read yet does not count.
final class SshDoor {
  private static final Logger LOG = LoggerFactory.getLogger(SshDoor.class);
  private static final List<UserAuthFactory> KEYS = List.of(UserAuthPublicKeyFactory.INSTANCE);
  private static final List<UserAuthFactory> KEYS_AND_PASSWORDS =
      List.of(
          UserAuthPublicKeyFactory.INSTANCE,
          UserAuthPasswordFactory.INSTANCE,
          UserAuthKeyboardInteractiveFactory.INSTANCE);

  private final Machine machine;
  private final InetSocketAddress place;
  private final Staging staging;
  private final Path nothing;
  private final Programs programs;
  private final HostFaults faults;
  private final List<SshServer> open = new ArrayList<>();

  /// @param nothing an empty directory: what users see over SFTP who are not ours
  SshDoor(
      Machine machine,
      InetSocketAddress place,
      Staging staging,
      Path nothing,
      Programs programs,
      HostFaults faults) {
    this.machine = machine;
    this.place = place;
    this.staging = staging;
    this.nothing = nothing;
    this.programs = programs;
    this.faults = faults;
  }

  /// Safe to repeat.
  synchronized void open() {
    if (!open.isEmpty()) {
      return;
    }
    var server = SshServer.setUpDefaultServer();
    server.setHost(place.getHostString());
    server.setPort(place.getPort());
    CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "PenguinSimulatedHost");
    server.setKeyPairProvider(new HostKeys());
    server.setUserAuthFactories(KEYS_AND_PASSWORDS);
    server.setPasswordAuthenticator((user, password, _) -> takesPassword(user, password));
    server.setPublickeyAuthenticator((user, key, _) -> takesKey(user, key));
    server.setCommandFactory((_, line) -> new ExecCommand(programs, line, faults));
    server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
    server.setFileSystemFactory(new OwnFiles());
    server.addSessionListener(new Journal());
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot listen on %s".formatted(machine.name(), place), e);
    }
    open.add(server);
  }

  /// Nobody comes in any more, and who is in is thrown out. Safe to repeat.
  synchronized void shut() {
    for (var server : open) {
      try {
        server.stop(true);
      } catch (IOException e) {
        LOG.atDebug().setCause(e).log("sshd did not stop in order");
      }
    }
    open.clear();
  }

  /// Throws out who is in.
  synchronized void drop() {
    open.forEach(server -> server.getActiveSessions().forEach(session -> session.close(true)));
  }

  synchronized void drop(String user) {
    open.forEach(server ->
        server.getActiveSessions().stream()
            .filter(session -> user.equals(session.getUsername()))
            .forEach(session -> session.close(true)));
  }

  synchronized boolean hasSessions() {
    return open.stream().anyMatch(server -> !server.getActiveSessions().isEmpty());
  }

  /// Of the key it shows, `SHA256:…`.
  String hostKeyFingerprint() {
    try {
      return KeyUtils.getFingerPrint(new HostKeys().loadKeys(null).iterator().next().getPublic());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the host key cannot be read", e);
    }
  }

  private SshdSettings settings() {
    return machine.look(() -> machine.memory().sshd());
  }

  private boolean takesPassword(String user, String password) {
    return machine.look(() -> {
      var account = machine.accounts().get(user);
      return settings().takesPasswords()
          && settings().lets(user)
          && account != null
          && account.fits(password);
    });
  }

  private boolean takesKey(String user, PublicKey key) {
    return machine.look(() -> {
      var account = machine.accounts().get(user);
      return account != null
          && settings().lets(user)
          && machine
              .disk()
              .textOrEmpty(account.home() + "/.ssh/authorized_keys")
              .lines()
              .anyMatch(line -> isKey(line, key));
    });
  }

  private static boolean isKey(String line, PublicKey key) {
    try {
      var entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
      return entry != null
          && KeyUtils.compareKeys(
              entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING), key);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      return false; // sshd skips a line it cannot read
    }
  }

  /// The host keys sshd has read the names of.
  private final class HostKeys implements KeyPairProvider {
    @Override
    public Iterable<KeyPair> loadKeys(@Nullable SessionContext session)
        throws IOException, GeneralSecurityException {
      var pairs = new ArrayList<KeyPair>();
      for (var file : settings().hostKeys()) {
        var pem = machine.look(() -> machine.disk().textOrEmpty(file));
        var found =
            SecurityUtils.loadKeyPairIdentities(
                session,
                NamedResource.ofName(file),
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)),
                FilePasswordProvider.EMPTY);
        if (found != null) {
          found.forEach(pairs::add);
        }
      }
      return pairs;
    }
  }

  /// Over SFTP our user sees the staging directory alone.
  private final class OwnFiles extends VirtualFileSystemFactory {
    @Override
    public Path getUserHomeDir(SessionContext session) {
      return Contact.USER.equals(session.getUsername()) ? staging.root() : nothing;
    }
  }

  /// What sshd would log, and how it lets people log in.
  private final class Journal implements SessionListener {
    @Override
    public void sessionCreated(Session session) {
      if (session instanceof ServerSession created) {
        created.setUserAuthFactories(settings().takesPasswords() ? KEYS_AND_PASSWORDS : KEYS);
      }
    }

    @Override
    public void sessionEvent(Session session, Event event) {
      if (event == Event.Authenticated) {
        machine.run(() -> machine.logins().put(session.getUsername(), machine.now()));
      }
    }
  }
}
