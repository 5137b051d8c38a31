/// What staff see and change from outside of every tenant.
@NullMarked
package com.penguinmails.store.staff;

import org.jspecify.annotations.NullMarked;
