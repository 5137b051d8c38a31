package com.penguinmails.sandbox.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.PullResponseItem;
import com.penguinmails.sandbox.process.UserCache;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Builds images where this machine has none yet. Several processes may ask at once: a lock file
/// per user lets one build and the others find it.
final class ImageBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(ImageBuilder.class);
  private static final Duration PULL_LIMIT = Duration.ofSeconds(20);
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(15);

  private final DockerClient client;

  ImageBuilder(DockerClient client) {
    this.client = client;
  }

  String image(ImageRecipe recipe) {
    if (exists(recipe.tag())) {
      return recipe.tag();
    }
    try {
      var cache = UserCache.directory("images");
      try (var channel =
              FileChannel.open(
                  cache.resolve("lock"),
                  Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
          var lock = channel.lock()) {
        LOG.atDebug().addKeyValue("lock", lock.isValid()).log("Building images");
        if (!exists(ImageRecipe.baseTag())) {
          makeBase();
        }
        if (!exists(recipe.tag())) {
          build(recipe);
        }
      }
    } catch (IOException e) {
      throw new ImageNotBuilt(
          "image " + recipe.tag() + " could not be built: " + e.getMessage(), e);
    }
    return recipe.tag();
  }

  private boolean exists(String tag) {
    try {
      client.inspectImageCmd(tag).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private void makeBase() throws IOException {
    var packages = String.join(" ", ImageRecipe.BASE_PACKAGES);
    if (pullable()) {
      var context = Files.createTempDirectory("penguin-image");
      Files.writeString(
          context.resolve("Dockerfile"),
          """
          FROM debian:12
          RUN apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
          --no-install-recommends %s && rm -rf /var/lib/apt/lists/*
          """
              .formatted(packages));
      build(context, ImageRecipe.baseTag());
      return;
    }
    LOG.atInfo().log(
        "debian:12 cannot be pulled; making a Debian 12 with debootstrap (about a minute)");
    debootstrap(String.join(",", ImageRecipe.BASE_PACKAGES));
  }

  private boolean pullable() {
    try (var callback =
        client
            .pullImageCmd("debian")
            .withTag("12")
            .exec(new ResultCallback.Adapter<PullResponseItem>())) {
      // A registry that cannot be reached is silent for minutes; a first byte within the limit is a
      // yes.
      return callback.awaitCompletion(PULL_LIMIT.toSeconds(), TimeUnit.SECONDS)
          && exists("debian:12");
    } catch (DockerException | DockerClientException | IOException e) {
      LOG.atDebug().setCause(e).log("debian:12 cannot be pulled");
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageNotBuilt("interrupted while pulling debian:12", e);
    }
  }

  /// Needs root. The tree becomes the base image and is removed again.
  private void debootstrap(String packages) throws IOException {
    var work = Files.createTempDirectory("penguin-debootstrap");
    var tree = work.resolve("tree").toString();
    var mirror =
        System.getenv().getOrDefault("PENGUIN_DEBIAN_MIRROR", "http://deb.debian.org/debian");
    try {
      command(
          List.of(
              "debootstrap",
              "--variant=minbase",
              "--include=" + packages,
              "bookworm",
              tree,
              mirror));
      Files.writeString(
          Path.of(tree, "etc/apt/sources.list"),
          "deb %s bookworm main\ndeb %s bookworm-updates main\n".formatted(mirror, mirror));
      command(List.of("rm", "-rf", tree + "/var/lib/apt/lists", tree + "/var/cache/apt/archives"));
      command(
          List.of(
              "mkdir",
              "-p",
              tree + "/var/lib/apt/lists/partial",
              tree + "/var/cache/apt/archives/partial"));
      var context = Files.createDirectory(work.resolve("context"));
      command(List.of("tar", "-C", tree, "-cf", context + "/tree.tar", "."));
      command(List.of("rm", "-rf", "--one-file-system", tree));
      Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nADD tree.tar /\n");
      build(context, ImageRecipe.baseTag());
    } finally {
      command(List.of("rm", "-rf", "--one-file-system", work.toString()));
    }
  }

  private static void command(List<String> command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new ImageNotBuilt(
          "debian:12 cannot be pulled, and `%s` cannot be run here (%s); install debootstrap, or let the engine reach a registry"
              .formatted(command.getFirst(), e.getMessage()),
          e);
    }
    Deque<String> tail = new ArrayDeque<>();
    try (var output = process.inputReader()) {
      output.lines().forEach(line -> keep(tail, line));
    }
    try {
      if (process.waitFor() != 0) {
        throw new ImageNotBuilt(
            "`%s` ended with %d (it needs root):%n%s"
                .formatted(command.getFirst(), process.exitValue(), String.join("\n", tail)));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new ImageNotBuilt("interrupted in " + command.getFirst(), e);
    }
  }

  private void build(ImageRecipe recipe) throws IOException {
    var context = Files.createTempDirectory("penguin-image");
    Files.writeString(context.resolve("Dockerfile"), recipe.dockerfile());
    for (var file : recipe.files().entrySet()) {
      var path = context.resolve("root" + file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    build(context, recipe.tag());
  }

  private void build(Path context, String tag) throws IOException {
    LOG.atInfo().addKeyValue("image", tag).log("Building an image, once for this machine");
    Deque<String> tail = new ArrayDeque<>();
    try (var callback =
        new BuildImageResultCallback() {
          @Override
          public void onNext(BuildResponseItem item) {
            var line = item.getStream();
            if (line != null) {
              keep(tail, line.strip());
            }
            super.onNext(item);
          }
        }) {
      client.buildImageCmd(context.toFile()).withTags(Set.of(tag)).exec(callback);
      callback.awaitImageId(BUILD_LIMIT.toMinutes(), TimeUnit.MINUTES);
    } catch (DockerException | DockerClientException e) {
      throw new ImageNotBuilt(
          "image %s could not be built: %s%n%s"
              .formatted(tag, e.getMessage(), String.join("\n", tail)),
          e);
    } finally {
      deleteTree(context);
    }
  }

  private static void keep(Deque<String> tail, String line) {
    synchronized (tail) {
      tail.addLast(line);
      if (tail.size() > 20) {
        tail.removeFirst();
      }
    }
  }

  private static void deleteTree(Path top) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (var walk = Files.walk(top)) {
      walk.forEach(paths::add);
    }
    for (var path : paths.reversed()) {
      Files.delete(path);
    }
  }
}
