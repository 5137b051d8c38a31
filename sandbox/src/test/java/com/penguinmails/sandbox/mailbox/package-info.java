/// Mailboxes in number, on a finished set-up.
@NullMarked
package com.penguinmails.sandbox.mailbox;

import org.jspecify.annotations.NullMarked;
