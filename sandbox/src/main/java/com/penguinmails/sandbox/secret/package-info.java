/// HashiCorp Vault, the real server, for tests.
@NullMarked
package com.penguinmails.sandbox.secret;

import org.jspecify.annotations.NullMarked;
