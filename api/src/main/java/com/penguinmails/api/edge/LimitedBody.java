package com.penguinmails.api.edge;

import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.util.unit.DataSize;

/// Reads a request's body up to a limit, whatever its Content-Length says.
public final class LimitedBody {
  private LimitedBody() {}

  /// @throws ProblemException more bytes than the limit
  public static byte[] read(HttpServletRequest request, DataSize limit) throws IOException {
    int bytes = Math.toIntExact(limit.toBytes());
    if (request.getContentLengthLong() <= bytes) {
      var body = request.getInputStream().readNBytes(bytes + 1);
      if (body.length <= bytes) {
        return body;
      }
    }
    throw new ProblemException(
        ProblemType.TOO_LARGE, "The body may have at most " + bytes + " bytes.");
  }
}
