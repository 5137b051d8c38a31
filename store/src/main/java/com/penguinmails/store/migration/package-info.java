/// Makes the roles and the tables; only `penguin migrate` and tests call it.
@NullMarked
package com.penguinmails.store.migration;

import org.jspecify.annotations.NullMarked;
