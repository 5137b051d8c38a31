/// ACME through acme4j: Let's Encrypt, Pebble, and whoever else follows RFC 8555.
@NullMarked
package com.penguinmails.ports.acme.acme4j;

import org.jspecify.annotations.NullMarked;
