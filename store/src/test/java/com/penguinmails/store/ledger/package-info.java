@NullMarked
package com.penguinmails.store.ledger;

import org.jspecify.annotations.NullMarked;
