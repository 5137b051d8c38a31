/// Proofs and their checks.
@NullMarked
package com.penguinmails.store.proof;

import org.jspecify.annotations.NullMarked;
