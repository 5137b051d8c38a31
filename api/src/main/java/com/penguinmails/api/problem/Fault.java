package com.penguinmails.api.problem;

/// One field at fault.
///
/// @param field path in the request, such as `server.address`
/// @param detail what is wrong and what helps, in the tenant's words; never a secret's value
public record Fault(String field, String detail) {}
