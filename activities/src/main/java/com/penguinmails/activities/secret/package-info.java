/// Secrets while working: read, never kept and never passed on; and new ones made.
@NullMarked
package com.penguinmails.activities.secret;

import org.jspecify.annotations.NullMarked;
