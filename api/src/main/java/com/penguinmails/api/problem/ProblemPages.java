package com.penguinmails.api.problem;

import io.swagger.v3.oas.annotations.Hidden;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/// What stands behind the `type` of a problem, for people.
@Hidden
@RestController
class ProblemPages {
  @GetMapping(path = "/problems", produces = MediaType.TEXT_HTML_VALUE)
  String all() {
    return page(
        "Problems of the API",
        Arrays.stream(ProblemType.values())
            .map(ProblemPages::entry)
            .collect(Collectors.joining("\n")));
  }

  @GetMapping(path = "/problems/{slug}", produces = MediaType.TEXT_HTML_VALUE)
  String one(@PathVariable String slug) {
    var type =
        ProblemType.withSlug(slug).orElseThrow(() -> ProblemException.notFound("kind of problem"));
    return page(type.title(), entry(type) + "<p><a href=\"/problems\">All problems</a></p>");
  }

  private static String entry(ProblemType type) {
    return """
    <section>
      <h2><a href="/problems/%s">%s</a></h2>
      <p class="quiet">HTTP %d · <code>/problems/%s</code></p>
      <p>%s</p>
    </section>
    """
        .formatted(
            type.slug(),
            HtmlUtils.htmlEscape(type.title()),
            type.status().value(),
            type.slug(),
            HtmlUtils.htmlEscape(type.explanation()));
  }

  private static String page(String title, String body) {
    return """
    <!doctype html>
    <html lang="en">
    <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%1$s · PenguinMails</title>
      <link rel="stylesheet" href="/assets/penguin.css">
    </head>
    <body><main><h1>%1$s</h1>
    %2$s
    </main></body>
    </html>
    """
        .formatted(HtmlUtils.htmlEscape(title), body);
  }
}
