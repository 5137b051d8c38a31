/// Tests of what a sweep decides.
@NullMarked
package com.penguinmails.workflows.sweep;

import org.jspecify.annotations.NullMarked;
