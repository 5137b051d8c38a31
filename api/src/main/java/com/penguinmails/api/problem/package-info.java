/// Errors as problem details (RFC 9457) with stable types, and a page for each type.
@NullMarked
package com.penguinmails.api.problem;

import org.jspecify.annotations.NullMarked;
