package com.penguinmails.templates;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsHostTest {
  @ParameterizedTest
  @CsvSource({
    "ada.ns.cloudflare.com, Cloudflare",
    "ns01.domaincontrol.com, GoDaddy",
    "dns1.registrar-servers.com, Namecheap",
    "ns-1.awsdns-00.co.uk, Amazon Route 53",
    "ns-cloud-a1.googledomains.com, Squarespace Domains",
    "ns1045.ui-dns.de, IONOS",
    "dns10.ovh.net, OVHcloud",
    "curitiba.ns.porkbun.com, Porkbun",
    "ns-144-c.gandi.net, Gandi",
    "hydrogen.ns.hetzner.com, Hetzner",
    "ns1.dns-parking.com, Hostinger",
    "ns8.wixdns.net, Wix"
  })
  void isRecognisedByItsNameServers(String server, String name) {
    assertThat(DnsHost.of(List.of("other.example", server)).orElseThrow().name()).isEqualTo(name);
  }

  @Test
  void knowsTwelveHostsWithAHintEach() {
    assertThat(DnsHost.known())
        .hasSize(12)
        .allSatisfy(host -> assertThat(host.hint()).isNotBlank());
  }

  @Test
  void takesNobodyForAHostItDoesNotKnow() {
    assertThat(DnsHost.of(List.of("ns1.notcloudflare.com", "ns1.acme.test"))).isEmpty();
  }
}
