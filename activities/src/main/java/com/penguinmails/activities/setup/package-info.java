/// What a set-up asks of the database, and the proof.
@NullMarked
package com.penguinmails.activities.setup;

import org.jspecify.annotations.NullMarked;
