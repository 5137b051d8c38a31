/// Set-ups and their progress.
@NullMarked
package com.penguinmails.store.setup;

import org.jspecify.annotations.NullMarked;
