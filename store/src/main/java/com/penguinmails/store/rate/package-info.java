/// Limits that all processes of an installation keep together.
@NullMarked
package com.penguinmails.store.rate;

import org.jspecify.annotations.NullMarked;
