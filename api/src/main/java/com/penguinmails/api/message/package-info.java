/// The tenant's words for everything that can go wrong.
@NullMarked
package com.penguinmails.api.message;

import org.jspecify.annotations.NullMarked;
