package com.penguinmails.sandbox.host.machine;

/// A port somebody listens on.
///
/// @param isLocal on 127.0.0.1 alone
/// @param greeting the first line it says; empty: it says nothing
public record Listener(int port, boolean isLocal, String program, String greeting) {}
