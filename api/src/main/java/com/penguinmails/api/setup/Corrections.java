package com.penguinmails.api.setup;

import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.tenant.Caller;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.domain.Domain;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.SetupId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.stereotype.Service;

/// Puts what a tenant corrected in the place of what was wrong: secrets into the secret store
/// first, then the rows; the secrets they replace are destroyed. The same key and correction again
/// change nothing.
@Service
class Corrections {
  private final Tenancy tenancy;
  private final ServerStore servers;
  private final OrderStore orders;
  private final DomainStore domains;
  private final SecretStore secrets;

  Corrections(Tenancy tenancy, SecretStore secrets) {
    this.tenancy = tenancy;
    this.servers = new ServerStore(tenancy);
    this.orders = new OrderStore(tenancy);
    this.domains = new DomainStore(tenancy);
    this.secrets = secrets;
  }

  /// @throws ProblemException the first login is no longer needed, or the zone's provider takes no
  ///   such key; nothing was changed
  void apply(Caller caller, Setup setup, String key, Correction correction) {
    var place =
        new Place(
            setup.id(), UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString());
    correction.zoneKey().ifPresent(zoneKey -> requireOpens(caller, setup, zoneKey));
    correction.login().ifPresent(login -> replaceLogin(caller, setup, place, login));
    correction.zoneKey().ifPresent(zoneKey -> replaceZoneKey(caller, setup, place, zoneKey));
    correction.budget().ifPresent(budget -> replaceBudget(caller, setup, budget));
    if (correction.allowMxReplace()) {
      writing(caller, () -> domains.allowMxReplace(setup.domain()));
    }
  }

  private void replaceLogin(Caller caller, Setup setup, Place place, Correction.Login login) {
    if (isLoginProved(caller, setup)) {
      throw noLongerNeeded();
    }
    var reference = secrets.putIfAbsent(caller.tenant(), place.of("first-login"), login.fields());
    var replaced = new ArrayList<SecretRef>();
    boolean isReplaced =
        tenancy.as(
            caller.tenant(),
            caller.actor(),
            () -> {
              replaced.addAll(servers.get(setup.server()).firstLogin().stream().toList());
              return servers.correctFirstLogin(setup.server(), login.user(), reference);
            });
    if (!isReplaced) { // our own login was proved in between
      secrets.destroy(caller.tenant(), reference);
      throw noLongerNeeded();
    }
    destroy(caller, replaced, reference);
  }

  private void replaceBudget(Caller caller, Setup setup, Money budget) {
    boolean isReplaced =
        tenancy.as(
            caller.tenant(),
            caller.actor(),
            () ->
                orders
                    .openOf(setup.server())
                    .filter(order -> orders.correctBudget(order.id(), budget))
                    .isPresent());
    if (!isReplaced) {
      throw ProblemException.invalid(
          List.of(
              new Fault(
                  "server.monthlyBudget",
                  "comes too late, or is lower than what is set aside already for the server")));
    }
  }

  private boolean isLoginProved(Caller caller, Setup setup) {
    return tenancy.reading(
        caller.tenant(), () -> servers.get(setup.server()).loginProvedAt().isPresent());
  }

  private static ProblemException noLongerNeeded() {
    return ProblemException.invalid(
        List.of(new Fault("server", "is not needed any more: our own login works already")));
  }

  private void requireOpens(Caller caller, Setup setup, Correction.ZoneKey zoneKey) {
    var provider =
        tenancy.reading(caller.tenant(), () -> domains.get(setup.domain()).zoneProvider());
    if (!zoneKey.opens(provider)) {
      throw ProblemException.invalid(
          List.of(new Fault(zoneKey.field(), "opens no zone kept at " + provider)));
    }
  }

  private void replaceZoneKey(Caller caller, Setup setup, Place place, Correction.ZoneKey zoneKey) {
    var reference =
        secrets.putIfAbsent(caller.tenant(), place.of("zone-access"), zoneKey.secrets());
    var replaced = new ArrayList<SecretRef>();
    writing(
        caller,
        () -> {
          var domain = domains.get(setup.domain());
          replaced.addAll(domain.zoneSecret().stream().toList());
          domains.correctZoneKey(domain.id(), settings(domain, zoneKey), reference);
        });
    destroy(caller, replaced, reference);
  }

  private void writing(Caller caller, Runnable work) {
    tenancy.as(
        caller.tenant(),
        caller.actor(),
        () -> {
          work.run();
          return true;
        });
  }

  private static Map<String, String> settings(Domain domain, Correction.ZoneKey zoneKey) {
    var settings = new TreeMap<>(domain.zoneSettings());
    settings.putAll(zoneKey.settings());
    return settings;
  }

  private void destroy(Caller caller, List<SecretRef> replaced, SecretRef by) {
    replaced.stream()
        .filter(reference -> !reference.equals(by))
        .forEach(reference -> secrets.destroy(caller.tenant(), reference));
  }

  /// Where the secrets of one retry lie: the same for the same Idempotency-Key.
  private record Place(SetupId setup, String retry) {
    String of(String what) {
      return "setup/%s/%s/%s".formatted(setup, what, retry);
    }
  }
}
