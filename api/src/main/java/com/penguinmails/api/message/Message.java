package com.penguinmails.api.message;

import com.penguinmails.workflows.model.Cause;

/// What a tenant reads about something that went wrong.
///
/// @param cause what happened
/// @param nextStep what helps
/// @param whoActs who does it: the tenant, our staff, or time
public record Message(String cause, String nextStep, Cause.Helper whoActs) {}
