/// The proof with ordinary protocols: SMTP, IMAP, TLS and DNS, judged by our own rules.
@NullMarked
package com.penguinmails.ports.mail.smtp;

import org.jspecify.annotations.NullMarked;
