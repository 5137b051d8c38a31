/// What holds for every request: its id, its headers, the size of its body.
@NullMarked
package com.penguinmails.api.edge;

import org.jspecify.annotations.NullMarked;
