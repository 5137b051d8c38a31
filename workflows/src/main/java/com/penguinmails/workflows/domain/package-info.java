/// The life of one sending domain.
@NullMarked
package com.penguinmails.workflows.domain;

import org.jspecify.annotations.NullMarked;
