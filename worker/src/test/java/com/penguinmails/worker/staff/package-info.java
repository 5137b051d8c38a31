/// Tests of the worker process.
@NullMarked
package com.penguinmails.worker.staff;

import org.jspecify.annotations.NullMarked;
