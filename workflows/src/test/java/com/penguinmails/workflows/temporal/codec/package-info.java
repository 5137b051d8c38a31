/// Tests of the payload codec and of the JSON rules of histories.
@NullMarked
package com.penguinmails.workflows.temporal.codec;

import org.jspecify.annotations.NullMarked;
