/// What was decided, from what, by which rule.
@NullMarked
package com.penguinmails.store.decision;

import org.jspecify.annotations.NullMarked;
