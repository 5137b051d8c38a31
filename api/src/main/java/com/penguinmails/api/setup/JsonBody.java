package com.penguinmails.api.setup;

import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request's body as one strict JSON object: no field twice, nothing behind it.
public final class JsonBody {
  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  /// @param faults takes what is wrong with its fields
  /// @throws ProblemException not a JSON object
  public static Fields read(byte[] body, List<Fault> faults) {
    return new Fields("", parse(body), faults);
  }

  private static JsonNode parse(byte[] body) {
    JsonNode node;
    try {
      node = STRICT.readTree(body);
    } catch (JacksonException e) {
      // Only the place: the message may quote a part of the body, and so a secret.
      var place = e.getLocation();
      throw new ProblemException(
          ProblemType.INVALID_REQUEST,
          "The body is not valid JSON"
              + (place == null
                  ? "."
                  : ": line " + place.getLineNr() + ", column " + place.getColumnNr() + "."));
    }
    if (!node.isObject()) {
      throw new ProblemException(
          ProblemType.INVALID_REQUEST, "The body must be a JSON object in braces.");
    }
    return node;
  }
}
