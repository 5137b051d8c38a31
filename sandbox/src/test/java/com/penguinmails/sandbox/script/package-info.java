/// Tests of `./penguin` and `tools/` as processes of their own.
@NullMarked
package com.penguinmails.sandbox.script;

import org.jspecify.annotations.NullMarked;
