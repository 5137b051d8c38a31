/// What staff do at a command line.
@NullMarked
package com.penguinmails.worker.staff;

import org.jspecify.annotations.NullMarked;
