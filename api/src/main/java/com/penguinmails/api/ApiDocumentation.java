package com.penguinmails.api;

import com.penguinmails.api.problem.ProblemType;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What the OpenAPI document says beyond the controllers: the key, the request's fields, the
/// problems.
@Configuration(proxyBeanMethods = false)
class ApiDocumentation {
  private static final String MONTHLY_BUDGET = "What a month may cost in USD, such as 15.00";

  @Bean
  OpenAPI openApi(ApiSettings settings) {
    return new OpenAPI()
        .info(
            new Info()
                .title("PenguinMails orchestrator")
                .version("v1")
                .description(
                    "Errors are problem details (RFC 9457). Their types:\n\n"
                        + Arrays.stream(ProblemType.values())
                            .map(type ->
                                "- `%s` (%d): %s"
                                    .formatted(type.uri(), type.status().value(), type.title()))
                            .collect(Collectors.joining("\n"))))
        .addServersItem(new Server().url(settings.publicUrl().toString()))
        .addSecurityItem(new SecurityRequirement().addList("apiKey"))
        .components(
            new Components()
                .addSecuritySchemes(
                    "apiKey", new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"))
                .addSchemas("CreateSetup", createSetup())
                .addSchemas("Problem", problem()));
  }

  /// After springdoc has collected the controllers: the schemas it drops as unused, and the problem
  /// every operation may answer with.
  @Bean
  OpenApiCustomizer problemsOfEveryOperation() {
    return api -> {
      api.getComponents().addSchemas("CreateSetup", createSetup());
      api.getComponents().addSchemas("Correction", correction());
      api.getComponents().addSchemas("CreateMailboxes", createMailboxes());
      api.getComponents().addSchemas("Problem", problem());
      var answer =
          new ApiResponse()
              .description("A problem; `type` says which")
              .content(
                  new Content()
                      .addMediaType(
                          "application/problem+json",
                          new MediaType()
                              .schema(new Schema<>().$ref("#/components/schemas/Problem"))));
      api.getPaths()
          .values()
          .forEach(path ->
              path.readOperations()
                  .forEach(
                      operation -> operation.getResponses().addApiResponse("default", answer)));
    };
  }

  private static Schema<?> createSetup() {
    return object()
        .description("domain, server, dns and mailbox; or the plan to go ahead from, and no more")
        .addProperty("plan", text("Id of a plan"))
        .addProperty("workspace", text("Name of a workspace; made when there is none"))
        .addProperty("domain", text("Domain to send from; Unicode is understood"))
        .addProperty(
            "server",
            object()
                .description(
                    "Your own bare Debian 12 server (address, and password or privateKey), one that"
                        + " we buy (provider, plan, place, monthlyBudget), or one that has other"
                        + " domains of yours already (id)")
                .addProperty("id", text("A server that a set-up of yours made: its server"))
                .addProperty("provider", text("existing unless given: your own; or who sells it"))
                .addProperty("plan", text("Size, as the provider names it"))
                .addProperty("place", text("Place, as the provider names it"))
                .addProperty("monthlyBudget", text(MONTHLY_BUDGET))
                .addProperty("address", text("Public IP address"))
                .addProperty("port", number("SSH port, 22 unless given"))
                .addProperty("user", text("First login, root unless given"))
                .addProperty("password", secret("Used for the first contact only"))
                .addProperty("privateKey", secret("PEM, without passphrase")))
        .addProperty(
            "dns",
            object("provider")
                .description(
                    "A zone at Cloudflare (token), one whose primary takes RFC 2136 updates"
                        + " (server, keyName, secret), or one whose records you enter yourself"
                        + " (manual)")
                .addProperty("provider", text("cloudflare, manual or rfc2136"))
                .addProperty("zone", text("Zone of the records; the domain unless given"))
                .addProperty(
                    "token",
                    secret("Cloudflare: an API token with Zone:Read and DNS:Edit for the zone"))
                .addProperty("server", text("Primary server: address or name"))
                .addProperty("port", number("53 unless given"))
                .addProperty("keyName", text("Name of the TSIG key"))
                .addProperty("algorithm", text("hmac-sha256 unless given"))
                .addProperty("secret", secret("TSIG secret, base64")))
        .addProperty(
            "mailbox",
            object("localPart").addProperty("localPart", text("What stands before the @")))
        .addProperty(
            "allowMxReplace",
            new BooleanSchema().description("Your yes to replacing MX records that are not ours"));
  }

  private static Schema<?> correction() {
    return object()
        .addProperty(
            "server",
            object()
                .description(
                    "Your own server: another first login, password or privateKey, not both. One"
                        + " that we buy: a higher monthlyBudget, until the server is taken over")
                .addProperty("user", text("As before unless given"))
                .addProperty("password", secret("Used for the first contact only"))
                .addProperty("privateKey", secret("PEM, without passphrase"))
                .addProperty("monthlyBudget", text(MONTHLY_BUDGET)))
        .addProperty(
            "dns",
            object()
                .description("Another token or TSIG key for the zone")
                .addProperty("token", secret("API token"))
                .addProperty("keyName", text("As before unless given"))
                .addProperty("algorithm", text("As before unless given"))
                .addProperty("secret", secret("TSIG secret, base64")))
        .addProperty(
            "allowMxReplace",
            new BooleanSchema().description("Your yes to replacing MX records that are not ours"));
  }

  private static Schema<?> createMailboxes() {
    return object("mailboxes")
        .addProperty(
            "mailboxes",
            new ArraySchema()
                .items(
                    object("localPart")
                        .addProperty("localPart", text("What stands before the @"))
                        .addProperty(
                            "displayName",
                            text("Whose it is, up to 100 characters; may be absent")))
                .minItems(1)
                .maxItems(500));
  }

  private static Schema<?> problem() {
    var type = text("Stable; the page behind it explains");
    Arrays.stream(ProblemType.values())
        .forEach(value -> type.addEnumItemObject(value.uri().toString()));
    return object("type", "title", "status", "detail")
        .addProperty("type", type)
        .addProperty("title", text("The same for every occurrence"))
        .addProperty("status", number("HTTP status"))
        .addProperty("detail", text("What happened this time"))
        .addProperty("instance", text("Path of the request"))
        .addProperty("requestId", text("X-Request-Id of the answer"))
        .addProperty(
            "faults",
            new ArraySchema()
                .items(
                    object("field", "detail")
                        .addProperty("field", text("Path of the field, such as server.address"))
                        .addProperty("detail", text("What is wrong and what helps"))));
  }

  private static Schema<?> object(String... required) {
    return new ObjectSchema().required(List.of(required));
  }

  private static StringSchema text(String description) {
    var schema = new StringSchema();
    schema.description(description);
    return schema;
  }

  private static StringSchema secret(String description) {
    var schema = text(description);
    schema.format("password").writeOnly(true);
    return schema;
  }

  private static Schema<?> number(String description) {
    return new IntegerSchema().description(description);
  }
}
