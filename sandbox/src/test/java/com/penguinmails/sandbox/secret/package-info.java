/// Looking for secrets where none may be.
@NullMarked
package com.penguinmails.sandbox.secret;

import org.jspecify.annotations.NullMarked;
