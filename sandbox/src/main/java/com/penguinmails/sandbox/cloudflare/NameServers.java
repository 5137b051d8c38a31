package com.penguinmails.sandbox.cloudflare;

import java.util.List;

/// Where the simulated Cloudflare answers for its zones: what the API was told must be seen there.
public interface NameServers {
  /// Host names, to whom zones are delegated.
  List<String> names();

  /// From now on this is the RRset.
  ///
  /// @param values as [com.penguinmails.workflows.model.DnsRecord] has them
  void serve(String zone, String name, String type, List<String> values);

  /// Nobody can be asked: for tests of the API alone.
  static NameServers silent() {
    return new NameServers() {
      @Override
      public List<String> names() {
        return List.of("ada.ns.cloudflare.com", "bob.ns.cloudflare.com");
      }

      @Override
      public void serve(String zone, String name, String type, List<String> values) {}
    };
  }
}
