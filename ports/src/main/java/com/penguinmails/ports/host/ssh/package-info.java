/// Remote hosts by SSH and SFTP, with sshj.
@NullMarked
package com.penguinmails.ports.host.ssh;

import org.jspecify.annotations.NullMarked;
