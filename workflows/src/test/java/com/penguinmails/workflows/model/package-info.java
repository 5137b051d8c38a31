@NullMarked
package com.penguinmails.workflows.model;

import org.jspecify.annotations.NullMarked;
