/// Simulated mail servers: what Postfix, Dovecot and OpenDKIM do as far as the network can tell, in
/// this JVM, on loopback addresses.
@NullMarked
package com.penguinmails.sandbox.mail.simulated;

import org.jspecify.annotations.NullMarked;
