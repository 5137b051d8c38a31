/// DNS look-ups through dnsjava.
@NullMarked
package com.penguinmails.ports.dns.dnsjava;

import org.jspecify.annotations.NullMarked;
