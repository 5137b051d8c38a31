/// Tests of whether those who do the work are there.
@NullMarked
package com.penguinmails.api.temporal;

import org.jspecify.annotations.NullMarked;
