package com.penguinmails.sandbox.toyseller;

import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.ports.vps.VpsProvider.RootPassword;
import com.penguinmails.ports.vps.VpsProviderContract;
import com.penguinmails.sandbox.vps.Racks;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ProviderServerId;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// `docs/providers/adding.md`, step 2: the contract.
class ToyVpsProviderTest implements VpsProviderContract {
  @TempDir private Path directory;
  private final Racks racks = new Racks();
  private ToySeller seller;

  @BeforeEach
  void open() {
    seller =
        ToySeller.open(
            directory.resolve("toys.json"),
            "a-token",
            racks,
            number -> new IpAddress("192.0.2." + (20 + number)));
  }

  @AfterEach
  void close() {
    seller.close();
  }

  @Override
  public VpsProvider provider() {
    return new ToyVpsProvider(seller.url(), () -> "a-token");
  }

  @Override
  public VpsProvider withWrongKey() {
    return new ToyVpsProvider(seller.url(), () -> "another");
  }

  @Override
  public void nextPurchaseMeets(Fault fault) {
    seller.nextPurchaseMeets(fault);
  }

  @Override
  public boolean isReverseName(IpAddress address, DomainName name) {
    return racks.isReverseName(address, name);
  }

  @Override
  public Optional<Machine> machine(ProviderServerId server, RootPassword password) {
    return racks.look(server.value(), password);
  }

  @Override
  public int invoices() {
    return seller.invoices();
  }
}
