/// Who is asking: API keys, and the tenant they belong to.
@NullMarked
package com.penguinmails.api.tenant;

import org.jspecify.annotations.NullMarked;
