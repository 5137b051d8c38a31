package com.penguinmails.sandbox.secret;

import com.penguinmails.sandbox.docker.Container;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Sees a host as its users could: command lines and environments of all processes, looked at some
/// 20 times a second from the beginning, then the journal and the files.
final class HostWatch {
  private static final String STOP = "/run/watch-stop";
  // Prints each command line and environment once.
  private static final String SAMPLER =
      """
      $| = 1; my (%seen, $rounds);
      until (-e "/run/watch-stop") {
        for my $file (glob("/proc/[0-9]*/cmdline /proc/[0-9]*/environ")) {
          open(my $in, "<", $file) or next;
          local $/; my $all = <$in>;
          print "$file $all\\n" if defined $all && length $all && !$seen{$all}++;
        }
        $rounds++;
        select(undef, undef, undef, 0.05);
      }
      print "rounds=$rounds\\n";
      """;
  // Package lists and downloaded packages are Debian's.
  private static final String FILES =
      "tar -C / --exclude=var/lib/apt --exclude=var/lib/dpkg --exclude=var/cache -czf - etc var"
          + " root home run tmp opt usr/local 2>/dev/null | base64 -w0";

  private final Container host;
  private final CompletableFuture<Container.Output> processes;

  HostWatch(Container host) {
    this.host = host;
    host.exec("rm", "-f", STOP);
    this.processes =
        CompletableFuture.supplyAsync(
            () -> host.exec(List.of("perl", "-e", SAMPLER), "", Duration.ofMinutes(15)),
            task -> Thread.ofVirtual().start(task));
  }

  /// Ends the sampling and answers what was seen; the last line says how often it was looked.
  String processes() {
    host.exec("touch", STOP);
    return processes.join().standardOutput();
  }

  String journal() {
    return host.exec("journalctl", "--all", "--no-pager", "--output=export").standardOutput();
  }

  /// A file of the host with who may read it.
  ///
  /// @param owner user and group
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record HostFile(String path, int mode, String owner, byte[] content) {
    Place asPlace() {
      return new Place("%s %s %04o".formatted(path, owner, mode), content);
    }
  }

  /// Every file that is not Debian's own.
  List<HostFile> files() {
    var packed = host.exec("bash", "-c", FILES).standardOutput();
    var files = new ArrayList<HostFile>();
    try (var tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed))))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile()) {
          files.add(
              new HostFile(
                  "/" + entry.getName(),
                  entry.getMode() & 07777,
                  entry.getUserName() + ":" + entry.getGroupName(),
                  tar.readAllBytes()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }
}
