/// Mailboxes over HTTP: ordered in number, revealed once, removed with a time of grace.
@NullMarked
package com.penguinmails.api.mailbox;

import org.jspecify.annotations.NullMarked;
