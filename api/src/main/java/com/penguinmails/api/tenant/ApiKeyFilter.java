package com.penguinmails.api.tenant;

import com.penguinmails.api.InstallationSettings;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import com.penguinmails.store.tenant.TenantStore;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Nothing below `/api/v1` is reached without a valid API key.
@Component
@Order(0)
class ApiKeyFilter extends OncePerRequestFilter {
  private static final Pattern KEY = Pattern.compile("pm_[A-Za-z0-9_-]{20,100}");
  private static final String SCHEME = "Bearer ";

  private final TenantStore tenants;
  private final InstallationSettings installation;
  private final HandlerExceptionResolver problems;

  ApiKeyFilter(
      TenantStore tenants,
      InstallationSettings installation,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    this.tenants = tenants;
    this.installation = installation;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getServletPath().startsWith("/api/v1");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<Caller> caller;
    try {
      caller = caller(request);
    } catch (RuntimeException e) { // whatever it is: the advice knows the answer
      problems.resolveException(request, response, null, e);
      return;
    }
    if (caller.isEmpty()) {
      problems.resolveException(
          request,
          response,
          null,
          new ProblemException(
              ProblemType.UNAUTHENTICATED,
              "Send a valid API key of this %s installation as `Authorization: Bearer pm_…`."
                  .formatted(installation.isTest() ? "test" : "live")));
      return;
    }
    request.setAttribute(Caller.ATTRIBUTE, caller.get());
    chain.doFilter(request, response);
  }

  private Optional<Caller> caller(HttpServletRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(header -> header.substring(SCHEME.length()).strip())
        .filter(key -> KEY.matcher(key).matches())
        .flatMap(tenants::ownerOf)
        .map(owner -> new Caller(owner.tenant(), "api-key:" + owner.prefix()));
  }
}
