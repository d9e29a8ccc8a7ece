"""What a class or an id says about an element: the families of the words in it."""

import re
from functools import cache, lru_cache
from itertools import pairwise

FAMILIES: dict[str, str] = {
    "navigation": "nav navbar navigation menu menubar megamenu submenu dropdown breadcrumb "
    "breadcrumbs crumb crumbs skip topbar toolbar offcanvas drawer hamburger",
    "side": "sidebar sidenav side aside rail secondary complementary widget widgets",
    "foot": "footer foot bottom colophon copyright legal disclaimer",
    "head": "header masthead banner top head topbar",
    "contents": "toc outline contents onthispage tableofcontents anchors",
    "related": "related recommend recommended recommendation recommendations similar more also "
    "upsell crosssell popular trending latest recent recently viewed suggest suggested suggestion "
    "suggestions featured promo promoted teaser teasers next prev previous readmore taboola "
    "outbrain",
    "comment": "comment comments disqus respond reply replies discussion",
    "review": "review reviews rating ratings testimonial testimonials qa question questions "
    "feedback star stars",
    "share": "share sharing social follow addthis facebook twitter",
    "consent": "cookie cookies consent gdpr ccpa onetrust modal popup overlay dialog lightbox "
    "toast alert notification paywall login signin signup register newsletter subscribe "
    "subscription optin cta auth",
    "ad": "ad ads advert advertisement advertising sponsor sponsored sponsors dfp adsense "
    "affiliate",
    "about": "meta author byline bio date time tag tags category categories info detail details "
    "published timestamp user avatar profile stat stats signature",
    "control": "pagination pager paging pages loadmore sort sorting filter filters facet facets "
    "refine search searchbox control controls toolbar action actions button buttons btn",
    "content": "main content article post entry body story text prose markdown document "
    "documentation page maincontent articlebody richtext rte wysiwyg copy primary",
    "product": "product pdp description desc spec specs specification specifications feature "
    "features accordion tab tabs summary overview",
    "price": "price prices cart buy quantity qty swatch swatches variant variants size sizes "
    "option options stock shipping delivery payment",
    "card": "card cards tile tiles item items grid list listing result results collection products "
    "carousel slider slide swiper gallery row feed thumbnail thumb",
    "forum": "thread topic message messages posts postbody answer answers question forum "
    "conversation cooked",
    "hero": "hero jumbotron intro lead tagline subtitle title headline heading",
    "questions": "faq faqs accordion collapse collapsible expand toggle",
}  # fmt: skip
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
LONGEST = 500


@cache
def _places() -> dict[str, list[int]]:
    """Return which families each word belongs to."""
    places: dict[str, list[int]] = {}
    for place, words in enumerate(FAMILIES.values()):
        for word in words.split():
            places.setdefault(word, []).append(place)
    return places


@lru_cache(maxsize=4096)
def families_of(names: str) -> tuple[int, ...]:
    """Return the places in `FAMILIES` of the families that words of `names` belong to.

    `names` is the text of `class` and `id` attributes; `toolBar` and `tool-bar` are two words and
    also the one.
    """
    found: set[int] = set()
    for name in names[:LONGEST].split():
        words = [word.lower() for word in _WORDS.findall(name)]
        pairs = [one + other for one, other in pairwise(words)]
        for word in words + pairs:
            found.update(_places().get(word, ()))
    return tuple(sorted(found))
