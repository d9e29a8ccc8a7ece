"""Which function writes which element; what is not named here is only walked through."""

from qwen_mcp_tools.content.markdown.blocks import (
    HEADINGS,
    container,
    heading,
    paragraph,
    quote,
    rule,
    span,
    summary,
)
from qwen_mcp_tools.content.markdown.code import code_block
from qwen_mcp_tools.content.markdown.inline import (
    code,
    deleted,
    emphasis,
    formula,
    line_break,
    lowered,
    nothing,
    quoted,
    raised,
    reading,
    strong,
)
from qwen_mcp_tools.content.markdown.links import link
from qwen_mcp_tools.content.markdown.lists import definition, definitions, items, term
from qwen_mcp_tools.content.markdown.pictures import picture
from qwen_mcp_tools.content.markdown.tables import table
from qwen_mcp_tools.content.markdown.writer import Handler

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(HEADINGS, heading),
    **dict.fromkeys(
        "article address body caption center dir fieldset figcaption figure footer form header"
        " hgroup legend li main menu p search td th tr".split(),
        paragraph,
    ),
    **dict.fromkeys("aside details div section".split(), container),
    **dict.fromkeys(("ul", "ol"), items),
    **dict.fromkeys(("pre", "listing", "xmp"), code_block),
    **dict.fromkeys("code kbd samp tt".split(), code),
    **dict.fromkeys(("b", "strong"), strong),
    **dict.fromkeys("cite em i var".split(), emphasis),
    **dict.fromkeys(("del", "s", "strike"), deleted),
    **dict.fromkeys("nav rp script style".split(), nothing),
    "a": link,
    "blockquote": quote,
    "br": line_break,
    "dd": definition,
    "dl": definitions,
    "dt": term,
    "hr": rule,
    "img": picture,
    "math": formula,
    "q": quoted,
    "rt": reading,
    "span": span,
    "sub": lowered,
    "summary": summary,
    "sup": raised,
    "table": table,
}
