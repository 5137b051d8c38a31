package com.penguinmails.sandbox.demo;

import com.penguinmails.sandbox.docker.NoDockerEngine;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.workflows.model.DomainName;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./penguin demo`: starts everything, sets one tenant up end to end on a fresh host, shows it
/// live, and stays until Ctrl-C. A second start resumes from its files.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Sets one tenant up end to end on this machine, and shows it live.")
public final class Demo implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--domain", description = "the domain to set up (default: ${DEFAULT-VALUE})")
  private String domain = "acme-outreach.test";

  @Option(names = "--dir", description = "where the demo keeps its files")
  private Path directory = Path.of(".penguin", "demo");

  @Option(names = "--once", description = "end when the set-up has ended, instead of staying")
  private boolean isOnce;

  @Option(names = "--json", description = "one JSON object per line instead of text")
  private boolean isJson;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Demo()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    var out = spec.commandLine().getOut();
    var started = Instant.now();
    var screen = isJson ? Screen.json(out) : Screen.text(out, started);
    screen.line("Starting PostgreSQL, Temporal, DNS, a certificate authority and a probe host …");
    var ended = new CountDownLatch(1);
    SandboxWorld world;
    try {
      world = SandboxWorld.start(directory);
    } catch (NoDockerEngine none) {
      return failed(String.valueOf(none.getMessage()));
    }
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(ended::countDown));
    try (world;
        var product = RunningProduct.start(world);
        var client = DemoTenant.of(world).client()) {
      screen.line(
          "Everything runs after " + Screen.seconds(Duration.between(started, Instant.now())));
      var name = DomainName.parse(domain);
      var request = DemoTenant.of(world).request(name, 0);
      var answer = client.order("demo-" + name, request);
      if (answer.status() >= 300) {
        return failed("The API refused the order: " + answer.body().toPrettyString());
      }
      var setup = answer.body().path("id").asText();
      client.follow(setup, screen::event);
      var whole = client.look(setup).body();
      screen.end(whole, world, client.viewLink(setup), Duration.between(started, Instant.now()));
      boolean isProved = whole.path("state").asText().equals("DONE");
      if (!isOnce) {
        screen.line("Ctrl-C ends the demo; the next start shows it again.");
        ended.await();
      }
      return product.worker().isActive() && isProved ? 0 : 1;
    }
  }

  private int failed(String why) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(why);
    err.flush();
    return 1;
  }
}
