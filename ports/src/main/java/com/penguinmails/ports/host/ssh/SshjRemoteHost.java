package com.penguinmails.ports.host.ssh;

import com.penguinmails.ports.host.RemoteHost;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.sftp.SFTPException;
import net.schmizz.sshj.xfer.InMemorySourceFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One session over sshj.
final class SshjRemoteHost implements RemoteHost {
  private static final Logger LOG = LoggerFactory.getLogger(SshjRemoteHost.class);
  private static final int OUTPUT_LIMIT = 1 << 20;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final SSHClient client;
  private final String name;
  private final String fingerprint;
  private final String staging;

  SshjRemoteHost(SSHClient client, String name, String fingerprint, String staging) {
    this.client = client;
    this.name = name;
    this.fingerprint = fingerprint;
    this.staging = staging;
  }

  @Override
  public String hostKeyFingerprint() {
    return fingerprint;
  }

  @Override
  public boolean isLost() {
    return !client.isConnected();
  }

  @Override
  public Output run(List<String> command, byte[] standardInput, Duration timeout) {
    var program = command.getFirst();
    try (var session = opened(client::startSession);
        var running = session.exec(quote(command))) {
      var output = Drain.start(running.getInputStream());
      var errors = Drain.start(running.getErrorStream());
      var input = Thread.ofVirtual().start(() -> feed(running, standardInput));
      var end = System.nanoTime() + timeout.toNanos();
      if (!output.await(end) || !errors.await(end)) {
        throw new Unavailable(
            "`%s` on %s has not ended within %s; it may still be running"
                .formatted(program, name, timeout));
      }
      running.join(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      input.interrupt();
      return new Output(exitCode(running, program), output.text(), errors.text());
    } catch (IOException e) {
      throw new Unavailable(
          "the connection with %s was lost in `%s`: %s".formatted(name, program, e.getMessage()),
          e);
    }
  }

  /// Something opened over the connection. sshj takes a connection that has died meanwhile for a
  /// mistake of its caller.
  private <T> T opened(Opening<T> opening) throws IOException {
    try {
      return opening.open();
    } catch (IllegalStateException e) {
      if (!isLost()) {
        throw e;
      }
      throw new Unavailable("the connection with %s is lost".formatted(name), e);
    }
  }

  @FunctionalInterface
  private interface Opening<T> {
    T open() throws IOException;
  }

  private int exitCode(Session.Command running, String program) {
    var status = running.getExitStatus();
    if (status != null) {
      return status;
    }
    if (running.getExitSignal() != null) {
      return 128; // as a shell says for "killed", without the number, which SSH does not carry
    }
    throw new Unavailable(
        "the connection with %s was lost in `%s` before it said how it ended"
            .formatted(name, program));
  }

  private static void feed(Session.Command running, byte[] standardInput) {
    try (var stream = running.getOutputStream()) {
      stream.write(standardInput);
    } catch (IOException e) {
      // A program may end without reading all of its input; its exit code tells.
      LOG.atDebug().setCause(e).log("standard input was not read to its end");
    }
  }

  @Override
  public void stage(String fileName, byte[] content) {
    if (!fileName.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,200}")) {
      throw new IllegalArgumentException("not a plain file name: \"" + fileName + "\"");
    }
    var target = staging + "/" + fileName;
    try (var sftp = opened(client::newSFTPClient)) {
      sftp.getFileTransfer().setPreserveAttributes(false);
      var part = target + ".part";
      sftp.put(new StagedFile(fileName, content), part);
      sftp.chmod(part, 0600);
      if (sftp.statExistence(target) != null) {
        sftp.rm(target); // SFTP version 3 renames over nothing
      }
      sftp.rename(part, target);
    } catch (SFTPException e) {
      if (!client.isConnected()) {
        throw new Unavailable("the connection with %s was lost while staging".formatted(name), e);
      }
      throw new Refused("%s does not let us write %s: %s".formatted(name, target, e.getMessage()));
    } catch (IOException e) {
      throw new Unavailable(
          "the connection with %s was lost while staging %s: %s"
              .formatted(name, fileName, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    closeQuietly(client);
  }

  static void closeQuietly(SSHClient client) {
    try {
      client.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("an SSH session did not close in order");
    }
  }

  /// Quotes for a POSIX shell, which is what sshd hands the command to.
  static String quote(List<String> command) {
    return command.stream()
        .map(argument -> "'" + argument.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }

  /// A file in memory.
  private static final class StagedFile extends InMemorySourceFile {
    private final String fileName;
    private final byte[] content;

    StagedFile(String fileName, byte[] content) {
      this.fileName = fileName;
      this.content = content;
    }

    @Override
    public String getName() {
      return fileName;
    }

    @Override
    public long getLength() {
      return content.length;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(content);
    }

    @Override
    public int getPermissions() {
      return 0600;
    }
  }

  /// Reads a stream to its end, keeping the first mebibyte, so that the other side never blocks.
  private static final class Drain {
    private final InputStream stream;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread thread;

    private Drain(InputStream stream) {
      this.stream = stream;
      this.thread = Thread.ofVirtual().unstarted(this::read);
    }

    static Drain start(InputStream stream) {
      var drain = new Drain(stream);
      drain.thread.start();
      return drain;
    }

    private void read() {
      var buffer = new byte[32 * 1024];
      try {
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
          kept.write(buffer, 0, Math.min(n, OUTPUT_LIMIT - kept.size()));
        }
      } catch (IOException e) {
        // A lost connection: the missing exit code says so to the caller.
        LOG.atDebug().setCause(e).log("output was not read to its end");
      }
    }

    boolean await(long endNanos) {
      try {
        return thread.join(Duration.ofNanos(Math.max(1, endNanos - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    String text() {
      return kept.toString(StandardCharsets.UTF_8);
    }
  }
}
