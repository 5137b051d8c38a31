package com.penguinmails.sandbox.toyseller;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What `WorkerSettings` would say of the toy seller, were it one of the product's; it takes no
/// names below its own prefix that it does not know.
///
/// @param keyFile file with the token, mode 0600; absent: nothing is bought there
/// @param grace how long a purchase usually takes to be listed
/// @param longGrace how long an unclear purchase is looked for before staff must decide
/// @param builtWithin how long a bought server may take to run before staff are told
/// @param addressChange what another main address costs, in US dollars
@ConfigurationProperties("toy-seller")
record ToySettings(
    URI url,
    Optional<String> keyFile,
    @DefaultValue("5s") Duration grace,
    @DefaultValue("20s") Duration longGrace,
    @DefaultValue("2m") Duration builtWithin,
    @DefaultValue("0.00") String addressChange) {}
