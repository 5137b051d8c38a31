/// Tests of how activities are timed.
@NullMarked
package com.penguinmails.workflows.temporal;

import org.jspecify.annotations.NullMarked;
