/// Looking at a mail server from outside, with real messages.
@NullMarked
package com.penguinmails.ports.mail;

import org.jspecify.annotations.NullMarked;
