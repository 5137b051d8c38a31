package com.penguinmails.api.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.penguinmails.api.edge.LimitedBody;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import io.swagger.v3.oas.annotations.Hidden;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Encrypts and decrypts payloads for staff, in the protocol of Temporal's Web UI and command line
/// (docs.temporal.io, "Codec Server"). Staff show their token as a bearer token, or in the path:
/// the development server's Web UI can be told an address only.
@Hidden
@RestController
class CodecController {
  private static final DataSize LIMIT = DataSize.ofMegabytes(8); // a page of history events

  private final PayloadCodec codec;
  private final CodecSettings settings;

  CodecController(PayloadCodec codec, CodecSettings settings) {
    this.codec = codec;
    this.settings = settings;
  }

  @PostMapping(path = "/codec/decode", produces = MediaType.APPLICATION_JSON_VALUE)
  String decode(
      HttpServletRequest request,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String bearer)
      throws IOException {
    admit(tokenOf(bearer));
    return convert(request, codec::decode);
  }

  @PostMapping(path = "/codec/encode", produces = MediaType.APPLICATION_JSON_VALUE)
  String encode(
      HttpServletRequest request,
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String bearer)
      throws IOException {
    admit(tokenOf(bearer));
    return convert(request, codec::encode);
  }

  @PostMapping(path = "/codec/{token}/decode", produces = MediaType.APPLICATION_JSON_VALUE)
  String decodeByPath(HttpServletRequest request, @PathVariable String token) throws IOException {
    admit(token);
    return convert(request, codec::decode);
  }

  @PostMapping(path = "/codec/{token}/encode", produces = MediaType.APPLICATION_JSON_VALUE)
  String encodeByPath(HttpServletRequest request, @PathVariable String token) throws IOException {
    admit(token);
    return convert(request, codec::encode);
  }

  private static String tokenOf(@Nullable String bearer) {
    return Optional.ofNullable(bearer)
        .filter(value -> value.startsWith("Bearer "))
        .map(value -> value.substring("Bearer ".length()))
        .orElse("");
  }

  private void admit(String token) {
    var expected = settings.staffToken().orElseThrow(() -> ProblemException.notFound("page"));
    if (!MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))) {
      throw new ProblemException(
          ProblemType.UNAUTHENTICATED, "The codec endpoint is for staff: show the staff token.");
    }
  }

  private static String convert(HttpServletRequest request, UnaryOperator<List<Payload>> conversion)
      throws IOException {
    var body = LimitedBody.read(request, LIMIT);
    var payloads = Payloads.newBuilder();
    try {
      JsonFormat.parser()
          .ignoringUnknownFields()
          .merge(new String(body, StandardCharsets.UTF_8), payloads);
      var converted = conversion.apply(payloads.getPayloadsList());
      return JsonFormat.printer().print(Payloads.newBuilder().addAllPayloads(converted));
    } catch (InvalidProtocolBufferException e) {
      throw new ProblemException(
          ProblemType.INVALID_REQUEST, "The body is not a JSON object with \"payloads\".");
    } catch (PayloadCodecException e) {
      // Its message names key ids only, and tells staff which key is missing.
      throw new ProblemException(ProblemType.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }
}
