/// Mailboxes: logins, and the end of removed ones.
@NullMarked
package com.penguinmails.activities.mailbox;

import org.jspecify.annotations.NullMarked;
