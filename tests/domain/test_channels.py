"""Where a visit came from, by what it tells."""

import pytest

from assay.domain.channels import campaign_of_visit, site_of, source_of_visit


@pytest.mark.parametrize(
    ("referrer", "source"),
    [
        ("https://www.google.co.uk/", "Google (search)"),
        ("https://google.de", "Google (search)"),
        ("android-app://com.google.android.googlequicksearchbox/", "Google (search)"),
        ("https://de.search.yahoo.com/search?p=x", "Yahoo (search)"),
        ("https://gemini.google.com/app", "Gemini (assistant)"),
        ("https://chatgpt.com/", "ChatGPT (assistant)"),
        ("https://lm.facebook.com/l.php?u=x", "Facebook (social)"),
        ("https://www.linkedin.com:443/feed", "LinkedIn (social)"),
        ("https://t.co/abc", "X (social)"),
        ("https://mail.google.com/", None),
        ("https://google.evil.example/", None),
        ("https://notlinkedin.com/", None),
        ("https://netflix.com/", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_a_site_is_known_by_its_host_and_nothing_that_looks_like_it_is(referrer: str, source: str | None) -> None:
    assert source_of_visit({"referrer": referrer}) == source


@pytest.mark.parametrize(
    ("said", "url", "source"),
    [
        ({"utm_source": "google", "utm_medium": "cpc"}, "", "Google (ads)"),
        ({"utm_source": "LinkedIn", "utm_medium": "paid-social"}, "", "LinkedIn (ads)"),
        ({"utm_source": "fb"}, "", "Facebook (social)"),
        ({"utm_source": "chatgpt.com"}, "", "ChatGPT (assistant)"),
        ({"utm_source": "  Spring   letter ", "utm_medium": "email"}, "", "Spring letter"),
        ({"utm_source": "x" * 300}, "", "x" * 200),
        ({"utm_source": 7}, "", None),
        ({}, "https://firm.example/?gclid=Cj0", "Google (ads)"),
        ({"landing": "https://firm.example/?a=1&li_fat_id=9#b"}, "", "LinkedIn (ads)"),
        ({"utm_source": "google"}, "https://firm.example/?gclid=Cj0", "Google (ads)"),
        ({"referrer": "https://google.com/"}, "https://firm.example/?msclkid=1", "Bing (ads)"),
        ({"entry_referrer": "https://claude.ai/", "referrer": "https://bing.com/"}, "", "Claude (assistant)"),
        ({"referrer": "https://bing.com/", "utm_source": "partner"}, "", "partner"),
    ],
)
def test_tags_come_before_clicks_and_those_before_the_page_that_linked(
    said: dict[str, object], url: str, source: str | None
) -> None:
    assert source_of_visit(said, url) == source


def test_a_campaign_is_named_by_the_link_alone() -> None:
    assert campaign_of_visit({"utm_campaign": "  Spring \n sale "}) == "Spring sale"
    assert campaign_of_visit({"utm_campaign": "a\0b"}) == ""
    assert campaign_of_visit({}) == ""


def test_every_site_of_the_list_can_be_told() -> None:
    assert site_of("https://www.ecosia.org/search") == site_of("https://ecosia.org")
    told = {str(site_of(f"https://{host}/")) for host in ("perplexity.ai", "duckduckgo.com", "xing.com")}
    assert len(told) == 3
    assert "None" not in told
