/// Secrets in our own PostgreSQL, encrypted before they get there.
@NullMarked
package com.penguinmails.ports.secret.embedded;

import org.jspecify.annotations.NullMarked;
