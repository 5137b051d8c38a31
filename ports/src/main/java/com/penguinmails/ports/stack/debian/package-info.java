/// The stack made of Debian 12's own packages: Postfix, Dovecot, OpenDKIM.
@NullMarked
package com.penguinmails.ports.stack.debian;

import org.jspecify.annotations.NullMarked;
