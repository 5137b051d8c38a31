/// Mailboxes.
@NullMarked
package com.penguinmails.store.mailbox;

import org.jspecify.annotations.NullMarked;
