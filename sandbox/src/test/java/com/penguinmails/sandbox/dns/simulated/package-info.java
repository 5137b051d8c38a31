/// What the simulated DNS does, asked over its sockets and by itself.
@NullMarked
package com.penguinmails.sandbox.dns.simulated;

import org.jspecify.annotations.NullMarked;
