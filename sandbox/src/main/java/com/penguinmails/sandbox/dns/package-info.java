/// A DNS of its own: root, top-level domain and reverse zone, two authoritative servers, two
/// recursive resolvers. Real BIND and unbound in containers.
@NullMarked
package com.penguinmails.sandbox.dns;

import org.jspecify.annotations.NullMarked;
