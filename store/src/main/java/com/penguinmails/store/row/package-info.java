/// Between columns and the values of the field.
@NullMarked
package com.penguinmails.store.row;

import org.jspecify.annotations.NullMarked;
