/// A DNS of its own: root, top-level domain and reverse zone, two authoritative servers, two
/// recursive resolvers. What is done to it is [DnsWorld]; real BIND and unbound in containers are
/// one, `simulated` holds the other.
@NullMarked
package com.penguinmails.sandbox.dns;

import org.jspecify.annotations.NullMarked;
