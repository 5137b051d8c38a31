package com.penguinmails.sandbox.host.step;

/// Where our helpers keep what they know on a host.
public final class Places {
  public static final String STATE = "/var/lib/penguin";
  public static final String LIB = "/usr/local/lib/penguin";
  public static final String STAGING = STATE + "/staging";
  public static final String BUNDLES = STATE + "/bundles";
  public static final String MANIFEST = "/etc/penguin/manifest.json";
  public static final String RULES = "/etc/sudoers.d/penguin";

  private Places() {}
}
