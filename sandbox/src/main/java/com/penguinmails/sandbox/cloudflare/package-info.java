/// A simulation of Cloudflare's DNS API.
@NullMarked
package com.penguinmails.sandbox.cloudflare;

import org.jspecify.annotations.NullMarked;
