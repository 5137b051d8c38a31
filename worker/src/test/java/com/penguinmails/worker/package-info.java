/// Tests of the worker process.
@NullMarked
package com.penguinmails.worker;

import org.jspecify.annotations.NullMarked;
