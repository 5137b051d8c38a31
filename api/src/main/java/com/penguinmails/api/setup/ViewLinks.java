package com.penguinmails.api.setup;

import com.penguinmails.api.ApiSettings;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/// Links to a set-up's page that work without an API key: signed, for one set-up, for a while.
@Component
class ViewLinks {
  private final ApiSettings settings;
  private final SecretKeySpec key;

  ViewLinks(ApiSettings settings) {
    this.settings = settings;
    var random = new byte[32];
    new SecureRandom().nextBytes(random);
    key =
        new SecretKeySpec(
            settings
                .viewLinkKey()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .orElse(random),
            "HmacSHA256");
  }

  ViewLink make(TenantId tenant, SetupId setup) {
    var until =
        Instant.ofEpochSecond(Instant.now().plus(settings.viewLinkLifetime()).getEpochSecond());
    return new ViewLink(
        "%s/setups/%s?tenant=%s&until=%d&signature=%s"
            .formatted(
                settings.publicUrl(),
                setup,
                tenant,
                until.getEpochSecond(),
                sign(tenant, setup, until.getEpochSecond())),
        until);
  }

  /// @throws ProblemException not signed by us, or ended
  void check(TenantId tenant, SetupId setup, long until, String signature) {
    boolean isOurs =
        MessageDigest.isEqual(
            sign(tenant, setup, until).getBytes(StandardCharsets.UTF_8),
            signature.getBytes(StandardCharsets.UTF_8));
    if (!isOurs || Instant.now().getEpochSecond() > until) {
      throw new ProblemException(
          ProblemType.LINK_ENDED, "This link has ended or is not complete. Ask for a new one.");
    }
  }

  private String sign(TenantId tenant, SetupId setup, long until) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              mac.doFinal((tenant + "/" + setup + "/" + until).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /// @param url works without an API key until `expiresAt`: whoever has it can read the set-up
  record ViewLink(String url, Instant expiresAt) {}
}
