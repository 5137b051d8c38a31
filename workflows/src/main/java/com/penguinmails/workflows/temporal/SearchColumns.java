package com.penguinmails.workflows.temporal;

import io.temporal.common.SearchAttributeKey;
import java.util.List;

/// The search attributes staff filter runs by. They are not encrypted, so they hold ids and names
/// that are public anyway. A database has few columns for them: no more without a decision note.
public final class SearchColumns {
  public static final SearchAttributeKey<String> TENANT_ID =
      SearchAttributeKey.forKeyword("TenantId");
  public static final SearchAttributeKey<String> WORKSPACE_ID =
      SearchAttributeKey.forKeyword("WorkspaceId");
  public static final SearchAttributeKey<String> SERVER_ID =
      SearchAttributeKey.forKeyword("ServerId");
  public static final SearchAttributeKey<String> DOMAIN_NAME =
      SearchAttributeKey.forKeyword("DomainName");
  public static final SearchAttributeKey<String> STAGE = SearchAttributeKey.forKeyword("Stage");
  public static final SearchAttributeKey<String> PROVIDER =
      SearchAttributeKey.forKeyword("Provider");
  public static final SearchAttributeKey<String> REGION = SearchAttributeKey.forKeyword("Region");

  /// All of them, to be registered with the namespace.
  public static final List<SearchAttributeKey<String>> ALL =
      List.of(TENANT_ID, WORKSPACE_ID, SERVER_ID, DOMAIN_NAME, STAGE, PROVIDER, REGION);

  private SearchColumns() {}
}
