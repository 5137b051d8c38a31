package com.penguinmails.api.edge;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Gives every request its id and every answer the headers that keep browsers honest.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class EdgeFilter extends OncePerRequestFilter {
  /// Our pages load nothing from elsewhere and run no script written into them.
  private static final String PAGE_POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  /// Swagger UI sets styles from its own script and shows images from data URIs.
  private static final String DOCUMENTATION_POLICY =
      PAGE_POLICY + "; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var id = RequestId.orNew(request.getHeader(RequestId.HEADER));
    response.setHeader(RequestId.HEADER, id);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    var path = request.getRequestURI();
    response.setHeader(
        "Content-Security-Policy",
        path.startsWith("/api/docs") || path.startsWith("/api/swagger-ui")
            ? DOCUMENTATION_POLICY
            : PAGE_POLICY);
    if (!path.startsWith("/assets/") && !path.startsWith("/api/swagger-ui/")) {
      response.setHeader("Cache-Control", "no-store");
    }
    try (var _ = MDC.putCloseable(RequestId.MDC_KEY, id)) {
      chain.doFilter(request, response);
    }
  }

  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return false; // the container's own errors carry the id as well
  }
}
