/// Reading secrets while working: never kept, never passed on.
@NullMarked
package com.penguinmails.activities.secret;

import org.jspecify.annotations.NullMarked;
