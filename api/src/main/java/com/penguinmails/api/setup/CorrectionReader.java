package com.penguinmails.api.setup;

import static java.util.function.Predicate.not;

import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.workflows.model.Money;
import java.util.ArrayList;
import java.util.Optional;

/// Reads the body of a retry: empty, or what is corrected. All that is wrong comes back at once,
/// never the values.
final class CorrectionReader {
  private CorrectionReader() {}

  /// @throws ProblemException with every field at fault
  static Correction read(byte[] body) {
    if (body.length == 0) {
      return Correction.none();
    }
    var faults = new ArrayList<Fault>();
    var request = JsonBody.read(body, faults);
    var server = request.optionalObject("server");
    var budget = server.filter(CorrectionReader::isBought).flatMap(CorrectionReader::budget);
    var login = server.filter(not(CorrectionReader::isBought)).flatMap(CorrectionReader::login);
    var zoneKey = request.optionalObject("dns").flatMap(CorrectionReader::zoneKey);
    boolean allowMxReplace = request.flag("allowMxReplace");
    request.refuseUnknown();
    if (!faults.isEmpty()) {
      throw ProblemException.invalid(faults);
    }
    return new Correction(login, zoneKey, budget, allowMxReplace);
  }

  /// A bought server has a budget and no login of the tenant's.
  private static boolean isBought(Fields server) {
    return server.has("monthlyBudget");
  }

  private static Optional<Money> budget(Fields server) {
    var budget = AccessFields.budget(server);
    server.refuseUnknown();
    return budget;
  }

  private static Optional<Correction.Login> login(Fields server) {
    var user = AccessFields.user(server);
    var login = AccessFields.login(server);
    server.refuseUnknown();
    return login.map(fields -> new Correction.Login(user, fields));
  }

  private static Optional<Correction.ZoneKey> zoneKey(Fields dns) {
    if (dns.has("token")) {
      var token = AccessFields.token(dns);
      dns.refuseUnknown();
      return token.map(Correction.ApiToken::new);
    }
    var keyName = AccessFields.keyName(dns, dns.text("keyName", 253));
    var algorithm = AccessFields.algorithm(dns);
    var secret = AccessFields.secret(dns);
    dns.refuseUnknown();
    return secret.map(text -> new Correction.UpdateKey(keyName, algorithm, text));
  }
}
