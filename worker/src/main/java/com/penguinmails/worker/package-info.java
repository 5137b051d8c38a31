/// The process that polls the task queues and does the work.
@NullMarked
package com.penguinmails.worker;

import org.jspecify.annotations.NullMarked;
