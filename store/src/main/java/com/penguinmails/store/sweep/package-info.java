/// Finds work that nobody took up.
@NullMarked
package com.penguinmails.store.sweep;

import org.jspecify.annotations.NullMarked;
