/// Tenants and their keys.
@NullMarked
package com.penguinmails.store.tenant;

import org.jspecify.annotations.NullMarked;
