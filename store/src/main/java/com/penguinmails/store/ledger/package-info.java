/// What was paid and for what, and what sellers charged.
@NullMarked
package com.penguinmails.store.ledger;

import org.jspecify.annotations.NullMarked;
