/// Mail stacks on real hosts.
@NullMarked
package com.penguinmails.sandbox.stack;

import org.jspecify.annotations.NullMarked;
