/// Tenants, their API keys, and the installation they live in.
@NullMarked
package com.penguinmails.store.tenant;

import org.jspecify.annotations.NullMarked;
