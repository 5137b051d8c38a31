package com.penguinmails.api.setup;

import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.workflows.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/// Recognises a repeated request. The hash covers the secrets in it as well, so it is made with a
/// key of the tenant's that lies in the secret store: who reads the table cannot try out passwords.
@Component
class RequestHash {
  private static final String PATH = "tenant/request-hash";
  private static final String FIELD = "key";
  private static final int KEY_BYTES = 32;

  private final SecretStore secrets;
  private final SecureRandom random = new SecureRandom();

  RequestHash(SecretStore secrets) {
    this.secrets = secrets;
  }

  String of(TenantId tenant, CreateSetup request) {
    var parts = new ArrayList<String>();
    parts.add(request.workspace().orElse(""));
    parts.add(request.domain().value());
    parts.add(request.zone().value());
    parts.addAll(request.server().parts());
    parts.addAll(request.dns().parts());
    parts.add(request.mailbox().localPart());
    parts.add(Boolean.toString(request.allowMxReplace()));
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key(tenant), "HmacSHA256"));
      for (var part : parts) { // with its length, so that no two lists are the same bytes
        var bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        mac.update(bytes);
      }
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private byte[] key(TenantId tenant) {
    var fresh = new byte[KEY_BYTES];
    random.nextBytes(fresh);
    var reference =
        secrets.putIfAbsent(tenant, PATH, Map.of(FIELD, Base64.getEncoder().encodeToString(fresh)));
    return Base64.getDecoder()
        .decode(Objects.requireNonNull(secrets.get(tenant, reference).get(FIELD), FIELD));
  }
}
