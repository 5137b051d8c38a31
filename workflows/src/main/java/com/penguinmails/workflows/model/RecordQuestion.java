package com.penguinmails.workflows.model;

/// Which RRset: of what name and type.
public record RecordQuestion(RecordName name, DnsRecord.Type type) {}
