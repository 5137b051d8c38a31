/// How values become payloads in histories, and how those are encrypted. Pure: keys come in.
@NullMarked
package com.penguinmails.workflows.temporal.codec;

import org.jspecify.annotations.NullMarked;
