/// What every stack driver keeps, and desired states to try it with.
@NullMarked
package com.penguinmails.ports.stack;

import org.jspecify.annotations.NullMarked;
