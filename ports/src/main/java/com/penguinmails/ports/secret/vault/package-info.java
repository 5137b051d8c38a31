/// Secrets in HashiCorp Vault: a KV v2 engine of its own, entered by AppRole.
@NullMarked
package com.penguinmails.ports.secret.vault;

import org.jspecify.annotations.NullMarked;
