/// Where secrets live; everybody else holds references.
@NullMarked
package com.penguinmails.ports.secret;

import org.jspecify.annotations.NullMarked;
