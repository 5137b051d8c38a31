/// Mailboxes: what their server's workflow asks of the database for them.
@NullMarked
package com.penguinmails.workflows.mailbox;

import org.jspecify.annotations.NullMarked;
