/// Encrypted secrets, for the embedded secret store alone.
@NullMarked
package com.penguinmails.store.secret;

import org.jspecify.annotations.NullMarked;
