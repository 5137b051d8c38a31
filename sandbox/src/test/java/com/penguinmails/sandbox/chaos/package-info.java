/// The proof of the proof: what chaos chooses, that it leaves nothing out, and that it catches
/// builds which are broken on purpose.
@NullMarked
package com.penguinmails.sandbox.chaos;

import org.jspecify.annotations.NullMarked;
