/// PostgreSQL for tests, here and in other modules, and what holds for every table.
@NullMarked
package com.penguinmails.store;

import org.jspecify.annotations.NullMarked;
