package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.Programs.Started;
import com.penguinmails.sandbox.host.machine.ShellWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One command of an SSH session, run in a thread of its own.
final class ExecCommand implements Command {
  private static final Logger LOG = LoggerFactory.getLogger(ExecCommand.class);

  private final Programs programs;
  private final String line;
  private final HostFaults faults;
  private @Nullable InputStream input;
  private @Nullable OutputStream output;
  private @Nullable OutputStream errors;
  private @Nullable ExitCallback exit;
  private final CountDownLatch gone = new CountDownLatch(1);

  ExecCommand(Programs programs, String line, HostFaults faults) {
    this.programs = programs;
    this.line = line;
    this.faults = faults;
  }

  @Override
  public void setInputStream(InputStream stream) {
    this.input = stream;
  }

  @Override
  public void setOutputStream(OutputStream stream) {
    this.output = stream;
  }

  @Override
  public void setErrorStream(OutputStream stream) {
    this.errors = stream;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    this.exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) {
    if (input == null || output == null || errors == null || exit == null) {
      throw new IllegalStateException("a command without its streams");
    }
    var session = channel.getSession();
    var words = ShellWords.split(line).filter(split -> !split.isEmpty()).orElse(List.of(line));
    var started = new Started(session.getUsername(), words, input, output, errors, gone);
    var callback = exit;
    Thread.ofVirtual()
        .start(() -> {
          int code = run(started);
          if (code == 0 && faults.dropsAfter(words)) {
            session.close(true);
          } else if (code >= 0) {
            callback.onExit(code);
          }
        });
  }

  /// @return the exit code; negative: nobody is there any more to hear it
  private int run(Started started) {
    try {
      if (!faults.letsBegin(started.arguments(), started.gone())) {
        return -1;
      }
      int code = programs.run(started);
      started.output().flush();
      started.errors().flush();
      return code;
    } catch (InterruptedException e) {
      return -1;
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("a session ended before its command");
      return -1;
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("a simulated program failed");
      return 70;
    }
  }

  @Override
  public void destroy(ChannelSession channel) {
    gone.countDown();
  }
}
