/// The only callers of `set_config`: one transaction, one tenant.
@NullMarked
package com.penguinmails.store.tenancy;

import org.jspecify.annotations.NullMarked;
