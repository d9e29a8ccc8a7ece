"""Pages that ask for a person instead of showing what was asked for."""

import re

import httpx

_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-vercel-mitigated", "challenge", "Vercel"),
    ("x-amzn-waf-action", "", "AWS WAF"),
)

# What only the challenge and block pages of a service hold. What its ordinary pages hold too
# (Cloudflare's /cdn-cgi/challenge-platform/, a captcha in a contact form) is left out.
_MARKS = (
    (rb"_cf_chl_opt|id=\"cf-error-details\"", "Cloudflare"),
    (rb"vercel security checkpoint", "Vercel"),
    (rb"awswafcookiedomainlist|token\.awswaf\.com", "AWS WAF"),
    (rb"captcha-delivery\.com", "DataDome"),
    (rb"px-captcha|captcha\.px-c", "HUMAN"),
    (rb"_incapsula_resource", "Imperva"),
    (rb"errors\.edgesuite\.net|_sec/cp_challenge|sec-if-cpt-container", "Akamai"),
    (rb"within\.website/x/cmd/anubis|anubis_challenge", "Anubis"),
    (rb"sucuri_cloudproxy", "Sucuri"),
    (rb"/\.well-known/ddos-guard", "DDoS-Guard"),
    (rb"acw_sc__v[23]|aliyun_waf|errors\.aliyun\.com", "Alibaba Cloud"),
    (rb"eo_bot_ssid", "Tencent EdgeOne"),
    (rb"wappass\.baidu\.com", "Baidu"),
    (rb"__jsl_clearance", "Knownsec"),
    (rb"safeline-?(?:challenge|waf)|/\.safeline/", "SafeLine"),
    (rb"byted_acrawler|verify\.snssdk\.com", "ByteDance"),
)
_MARKED = tuple((re.compile(pattern, re.IGNORECASE), service) for pattern, service in _MARKS)
_WORDS = re.compile(
    r"just a moment\.\.\."
    r"|(?:verify|confirm|prove|check|mak(?:e|ing) sure)\w*(?: that| if)? you(?:'| a|’)re"
    r" (?:a |not a |an actual )?(?:human|real person|robot|bot)|are you a (?:human|robot)\?"
    r"|unusual traffic from your|checking your browser before|press (?:&|and) hold"
    r"|(?:complete|solve) (?:this|the) captcha|enable javascript and cookies to continue"
    r"|百度安全验证|人机(?:身份)?验证|滑动验证|拖动滑块|请完成(?:安全)?验证|完成验证后|环境异常"
    r"|访问(?:行为)?(?:存在)?异常|访问过于频繁|请求过于频繁|网站防火墙|您的访问被阻断"
    r"|請完成驗證|確認您(?:不是機器人|是真人)|确认您是真人",
    re.IGNORECASE,
)

READ_BYTES = 200_000
"""How much of a page is searched for marks."""


def challenge_by(headers: httpx.Headers, body: bytes, words: str) -> str:
    """Return who asks for a person ("Cloudflare", "the site"), or an empty text if nobody does.

    `words` is the page's title and visible text. A long article may speak of all this, so ask
    only about a page that is short or came with a failing status.
    """
    for name, value, service in _HEADERS:
        if name in headers and value in headers[name].lower():
            return service
    for mark, service in _MARKED:
        if mark.search(body, 0, READ_BYTES):
            return service
    return "the site" if _WORDS.search(words) else ""
