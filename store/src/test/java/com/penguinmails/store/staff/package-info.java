@NullMarked
package com.penguinmails.store.staff;

import org.jspecify.annotations.NullMarked;
