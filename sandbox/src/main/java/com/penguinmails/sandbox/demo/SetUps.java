package com.penguinmails.sandbox.demo;

import com.penguinmails.sandbox.process.LogFile;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.workflows.model.DomainName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// For `bench/`: sets one fresh host up for each domain that standard input names, in one running
/// product, as a worker does that has been at work for a while. Answers with a line of JSON, the
/// set-up as the API tells it; its host stays until the next line.
///
/// Arguments: an empty directory; `instant` buys from an instant seller in the simulated depth
/// instead of renting Docker hosts. Everything is removed at the end of the input.
public final class SetUps {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Duration LIMIT = Duration.ofMinutes(15);

  private SetUps() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var directory = Path.of(arguments[0]);
    LogFile.use(directory.resolve("log"));
    boolean isInstant = List.of(arguments).contains("instant");
    var world =
        isInstant
            ? SandboxWorld.start(SandboxWorld.Plan.instant(directory))
            : SandboxWorld.start(directory);
    Runtime.getRuntime().addShutdownHook(new Thread(world::destroy));
    try (var product = RunningProduct.start(world);
        var tenant = DemoTenant.of(world).client();
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("ready");
      int number = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var domain = new DomainName(line.strip());
        if (isInstant) {
          setUp(tenant, domain, DemoTenant.of(world).purchase(domain));
          continue;
        }
        world.giveBack(number);
        number++;
        setUp(tenant, domain, DemoTenant.of(world).request(domain, number));
      }
    }
  }

  private static void setUp(TenantClient tenant, DomainName domain, Map<String, Object> request)
      throws InterruptedException {
    var setup = tenant.order(domain.value(), request).body().path("id").asText();
    var end = Instant.now().plus(LIMIT);
    var seen = tenant.look(setup).body();
    while (!seen.path("state").asText().equals("DONE")) {
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException("not proved within " + LIMIT + ": " + seen);
      }
      Thread.sleep(LOOK_AGAIN);
      seen = tenant.look(setup).body();
    }
    System.out.println(seen);
  }
}
