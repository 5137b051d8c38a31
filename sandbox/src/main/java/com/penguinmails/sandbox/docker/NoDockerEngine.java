package com.penguinmails.sandbox.docker;

/// No Docker engine answers. The message tells a new user what to do.
public final class NoDockerEngine extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoDockerEngine(String tried, Throwable cause) {
    super(
        """
        No Docker engine answers at %s (%s).
        How to get one: on Debian or Ubuntu `sudo apt-get install docker.io`, then `sudo systemctl start docker`
        (without systemd: `sudo dockerd &`); elsewhere https://docs.docker.com/engine/install/.
        If one runs but you may not use it: `sudo usermod -aG docker $USER`, then log in again.
        An engine elsewhere: set DOCKER_HOST.\
        """
            .formatted(tried, cause.getMessage()),
        cause);
  }
}
