/// The codec endpoint: lets signed-in staff read encrypted payloads in the Temporal Web UI.
@NullMarked
package com.penguinmails.api.codec;

import org.jspecify.annotations.NullMarked;
