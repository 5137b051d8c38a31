/// The DNS of the sandbox, and what the DNS adapters do at its faults.
@NullMarked
package com.penguinmails.sandbox.dns;

import org.jspecify.annotations.NullMarked;
