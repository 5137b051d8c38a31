/// What needs attention.
@NullMarked
package com.penguinmails.store.incident;

import org.jspecify.annotations.NullMarked;
