"""Which addresses we call on our own: those of the public internet, whatever they are spelled like."""

from ipaddress import ip_address, ip_network

import pytest

from assay.domain.networks import is_public, is_within, read_networks

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::6810:84e5", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1"]
OURS = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fec0::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "2001:db8::1", "2001::1", "100::1",
    # the same machines under addresses of another sort
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::a9fe:a9fe",
    "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b::a00:1", "64:ff9b:1::7f00:1", "64:ff9b::e000:1",
    "2002:7f00:1::1", "2002:a9fe:a9fe::1", "2002:a00:1::",
]  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_what_anybody_means_is_public(text: str):
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", OURS)
def test_what_only_we_mean_is_not(text: str):
    assert not is_public(ip_address(text))


def test_a_network_holds_its_addresses_under_any_spelling():
    networks = read_networks(" 10.0.0.0/8, fd00::/8,192.168.1.7 ")
    assert networks == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("192.168.1.7/32"))
    for text in ("10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd12::1", "192.168.1.7"):
        assert is_within(ip_address(text), networks)
    for text in ("11.0.0.1", "192.168.1.8", "fe80::1"):
        assert not is_within(ip_address(text), networks)
    assert read_networks("") == ()


@pytest.mark.parametrize("text", ["10.0.0.1/8", "the office", "10.0.0.0/33"])
def test_what_is_no_network_is_said(text: str):
    with pytest.raises(ValueError, match="write networks such as"):
        read_networks(text)
