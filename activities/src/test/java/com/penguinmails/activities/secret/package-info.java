@NullMarked
package com.penguinmails.activities.secret;

import org.jspecify.annotations.NullMarked;
