package com.penguinmails.ports.secret.vault;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import io.github.jopenlibs.vault.EnvironmentLoader;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.response.AuthResponse;
import java.io.Serial;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Our way in: a token got by AppRole, renewed at half of its life, replaced by a new login when it
/// cannot live longer or Vault has forgotten it. Nothing runs in the background: a token is looked
/// at when it is needed, so an idle process lets it end.
///
/// The driver's exceptions quote answers, and answers may be secrets: none of them leaves this
/// class, neither as text nor as a cause.
final class VaultSession {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int ANSWER_SECONDS = 10;
  private static final Duration RATE_LIMITED = Duration.ofSeconds(10);
  private static final int KV_V1 = 1;
  private static final int KV_V2 = 2;

  private final VaultSettings settings;
  private final Clock clock;
  private final HttpClient http;
  private final ReentrantLock entering = new ReentrantLock();
  private Optional<Token> token = Optional.empty();

  VaultSession(VaultSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    var _ = settings.secretId(); // a start without it is refused at once
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER); // the token would go along
    settings.trustRoots().ifPresent(file -> client.sslContext(TrustRoots.read(file)));
    this.http = client.build();
  }

  /// One request to the KV v2 engine, repeated once with a fresh token when Vault does not know
  /// ours any more.
  ///
  /// @param what it is about, for messages; never a secret
  /// @throws Unavailable sealed or out of reach
  /// @throws Refused our role has no right to this
  VaultReply ask(String what, Request request) {
    return ask(what, request, KV_V2);
  }

  /// As [#ask], of paths as they are: the driver does not know KV v2's metadata.
  VaultReply askPlainly(String what, Request request) {
    return ask(what, request, KV_V1);
  }

  private VaultReply ask(String what, Request request, int engine) {
    var used = token();
    var reply = once(what, used, request, engine);
    if (reply.isEmpty()) {
      forget(used);
      reply = once(what, token(), request, engine);
    }
    return reply.orElseThrow(() ->
        new Refused(
            FailureType.LOGIN_REFUSED,
            Cause.SECRET_STORE_REFUSED,
            "Vault at %s does not let our role \"%s\" at %s; its policy must allow create, read and update below %s/data, read below %s/metadata, and update below %s/destroy"
                .formatted(
                    settings.address(),
                    settings.roleId(),
                    what,
                    settings.mount(),
                    settings.mount(),
                    settings.mount())));
  }

  /// Empty: permission denied, which is also what Vault says to a token it does not know.
  private Optional<VaultReply> once(String what, Token with, Request request, int engine) {
    try {
      var reply = VaultReply.of(request.send(vault(Optional.of(with.value()), engine)));
      return reply.status() == 403
          ? Optional.empty()
          : Optional.of(readable(what, reply, Optional.empty()));
    } catch (VaultException e) {
      return switch (e.getHttpStatusCode()) {
        case 0 -> throw unreachable(e);
        case 403 -> Optional.empty();
        default ->
            Optional.of(readable(what, VaultReply.of(e.getHttpStatusCode()), Optional.of(e)));
      };
    }
  }

  private VaultReply readable(String what, VaultReply reply, Optional<VaultException> thrown) {
    return switch (reply.status()) {
      case 200, 204, 400, 404 -> reply;
      case 429 ->
          throw new RateLimited(
              "Vault at %s asks us to wait before %s".formatted(settings.address(), what),
              RATE_LIMITED);
      default -> throw unavailable(reply.status(), thrown);
    };
  }

  private Token token() {
    entering.lock();
    try {
      var now = clock.instant();
      var usable = token.filter(kept -> now.isBefore(kept.ends()));
      var fresh =
          usable
              .filter(kept -> now.isBefore(kept.halfway()))
              .or(() -> usable.flatMap(this::renewed))
              .orElseGet(this::login);
      token = Optional.of(fresh);
      return fresh;
    } finally {
      entering.unlock();
    }
  }

  private void forget(Token refused) {
    entering.lock();
    try {
      token =
          token.filter(kept -> !kept.equals(refused)); // another thread may have logged in since
    } finally {
      entering.unlock();
    }
  }

  /// Empty: it cannot live longer than it would, or Vault does not know it any more.
  private Optional<Token> renewed(Token old) {
    if (!old.isRenewable()) {
      return Optional.empty();
    }
    var asked = clock.instant();
    try {
      var answer = vault(Optional.of(old.value()), KV_V2).auth().renewSelf();
      return Optional.of(Token.of(answer, asked))
          .filter(young -> young.ends().isAfter(old.ends().plusSeconds(1)));
    } catch (VaultException e) {
      return switch (e.getHttpStatusCode()) {
        case 0 -> throw unreachable(e);
        case 400, 403, 404 -> Optional.empty();
        default -> throw unavailable(e.getHttpStatusCode(), Optional.of(e));
      };
    }
  }

  private Token login() {
    var asked = clock.instant();
    try {
      var answer =
          vault(Optional.empty(), KV_V2)
              .auth()
              .loginByAppRole(settings.roleId(), settings.secretId());
      return Token.of(answer, asked);
    } catch (VaultException e) {
      throw switch (e.getHttpStatusCode()) {
        case 0 -> unreachable(e);
        case 400, 403, 404 ->
            new Refused(
                FailureType.LOGIN_REFUSED,
                Cause.SECRET_STORE_REFUSED,
                "Vault at %s does not accept role id \"%s\" with the secret id in %s; put a new secret id there"
                    .formatted(settings.address(), settings.roleId(), settings.secretIdFile()));
        case 429 ->
            new RateLimited(
                "Vault at %s asks us to wait before logging in".formatted(settings.address()),
                RATE_LIMITED);
        default -> unavailable(e.getHttpStatusCode(), Optional.of(e));
      };
    } catch (IllegalStateException unreadable) {
      // Our own words about the file; a new one counts at the next attempt.
      throw new Refused(
          FailureType.LOGIN_REFUSED,
          Cause.SECRET_STORE_REFUSED,
          String.valueOf(unreadable.getMessage()));
    }
  }

  private Vault vault(Optional<String> with, int engine) {
    try {
      var config =
          new VaultConfig()
              .environmentLoader(new NoEnvironment())
              .address(settings.address().toString())
              .httpClient(http)
              .readTimeout(ANSWER_SECONDS)
              .engineVersion(engine);
      with.ifPresent(config::token);
      return Vault.create(config.build());
    } catch (VaultException e) {
      throw new IllegalStateException("the driver for Vault cannot be set up");
    }
  }

  private Unavailable unavailable(int status, Optional<VaultException> thrown) {
    var isSealed =
        thrown.map(e -> String.valueOf(e.getMessage()).contains("Vault is sealed")).orElse(false);
    return new Unavailable(
        Cause.SECRET_STORE_UNAVAILABLE,
        isSealed
            ? "Vault at %s is sealed; whoever holds its unseal keys must open it: vault operator unseal"
                .formatted(settings.address())
            : "Vault at %s answers with HTTP status %d; its log says why"
                .formatted(settings.address(), status));
  }

  private Unavailable unreachable(VaultException e) {
    Throwable at = e;
    var root = at;
    while (at != null) {
      if (at instanceof InterruptedException) {
        Thread.currentThread().interrupt(); // the driver swallowed it
      }
      root = at;
      at = at.getCause();
    }
    return new Unavailable(
        Cause.SECRET_STORE_UNAVAILABLE,
        "Vault at %s does not answer (%s); check that it runs and that this machine reaches it"
            .formatted(settings.address(), root.getClass().getSimpleName()));
  }

  /// One call of the driver.
  @FunctionalInterface
  interface Request {
    io.github.jopenlibs.vault.response.LogicalResponse send(Vault vault) throws VaultException;
  }

  /// @param ends by our clock, counted from before it was asked for
  private record Token(String value, Instant taken, Instant ends, boolean isRenewable) {
    static Token of(AuthResponse answer, Instant asked) {
      var life = answer.getAuthLeaseDuration();
      return new Token(
          String.valueOf(answer.getAuthClientToken()),
          asked,
          life == 0 ? Instant.MAX : asked.plusSeconds(life), // 0: it does not end
          answer.isAuthRenewable());
    }

    Instant halfway() {
      return ends.equals(Instant.MAX)
          ? ends
          : taken.plus(Duration.between(taken, ends).dividedBy(2));
    }

    @Override
    public String toString() {
      return "Token[until " + ends + "]";
    }
  }

  /// Keeps the driver from taking tokens, addresses and switched-off checks from the environment.
  private static final class NoEnvironment extends EnvironmentLoader {
    @Serial private static final long serialVersionUID = 1;

    @Override
    @SuppressWarnings("NullAway") // the driver's way of saying that there is none
    public @Nullable String loadVariable(String name) {
      return null;
    }
  }
}
