/// What mail software a host gets: desired state in, steps and files out.
@NullMarked
package com.penguinmails.ports.stack;

import org.jspecify.annotations.NullMarked;
