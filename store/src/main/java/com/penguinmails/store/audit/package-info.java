/// Who changed what, in the transaction that changes it.
@NullMarked
package com.penguinmails.store.audit;

import org.jspecify.annotations.NullMarked;
