package com.penguinmails.api.temporal;

import com.penguinmails.workflows.temporal.codec.CodecKeys;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.GrpcCompression;
import io.temporal.serviceclient.RpcRetryOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The client. It connects when first used, so that the API starts and takes orders while Temporal
/// is away.
@Configuration(proxyBeanMethods = false)
class TemporalConnection {
  @Bean(destroyMethod = "shutdownNow")
  @ConditionalOnMissingBean
  WorkflowServiceStubs workflowServiceStubs(TemporalSettings settings) {
    var options =
        WorkflowServiceStubsOptions.newBuilder()
            .setTarget(settings.address())
            .setGrpcCompression(GrpcCompression.NONE) // payloads are encrypted: nothing to compress
            .setEnableHttps(settings.tls() || settings.apiKey().isPresent())
            .setRpcRetryOptions(
                RpcRetryOptions.newBuilder(
                        WorkflowServiceStubsOptions.getDefaultInstance().getRpcRetryOptions())
                    .setExpiration(settings.patience())
                    .build());
    settings.apiKey().ifPresent(key -> options.addApiKey(() -> key));
    return WorkflowServiceStubs.newServiceStubs(options.build());
  }

  @Bean
  @ConditionalOnMissingBean
  WorkflowClient workflowClient(
      WorkflowServiceStubs stubs, TemporalSettings settings, CodecKeys keys) {
    return WorkflowClient.newInstance(
        stubs,
        WorkflowClientOptions.newBuilder()
            .setNamespace(settings.namespace())
            .setDataConverter(PenguinDataConverter.with(keys))
            .setIdentity("api")
            .build());
  }
}
