"""The style sheet of pages and previews, in the house colours."""

from string import Template

from app.artifacts.themes import HOUSE_THEME, css

_RULES = """
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:$white;color:$text;font:16px/1.65 Pretendard,"Malgun Gothic",
"Apple SD Gothic Neo","Noto Sans KR","Noto Sans CJK KR",system-ui,sans-serif;
word-break:keep-all;overflow-wrap:anywhere}
main{max-width:46rem;margin:0 auto;padding:3rem 1.5rem 4rem}
main.workbook{max-width:72rem}main.deck{max-width:60rem}
h1,h2,h3,h4{color:$title;line-height:1.3;margin:2.2em 0 .5em;text-wrap:balance}
h1{font-size:2rem;margin:.1em 0 .2em;letter-spacing:-.01em}
h2{font-size:1.35rem}h3{font-size:1.1rem}h4{font-size:1rem;color:$accent}
p{margin:0 0 1em}a{color:$accent}
a:focus-visible,.scroll:focus-visible{outline:2px solid $accent;outline-offset:2px}
.eyebrow{color:$accent;font-weight:700;font-size:.85rem;margin:0}
.subtitle{color:$muted;font-size:1.1rem;margin:0 0 1.5rem}
ul,ol{padding-left:1.4rem;margin:0 0 1em}li{margin:.3em 0}li::marker{color:$accent}
.cite{font-size:.78em;text-decoration:none;white-space:nowrap}
.cite:hover{text-decoration:underline}
.callout{background:$tint;border-radius:8px;padding:1rem 1.25rem;margin:1.5rem 0}
.callout p{margin:0;color:$strong}.callout strong.label{color:$accent;margin-right:.5em}
.callout.warning{background:$warning_tint}.callout.warning strong.label{color:$warning}
figure{margin:1.75rem 0}figure svg{display:block;width:100%;height:auto}
figcaption{color:$muted;font-size:.85rem;margin:.5rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;border-top:1px solid $rule;
border-bottom:1px solid $rule}
th,td{padding:.5rem .75rem;text-align:left;vertical-align:top;border-top:1px solid $grid}
thead th{background:$header_fill;color:$strong;border-top:0;border-bottom:1px solid $rule;
vertical-align:bottom}
tbody th{font-weight:400}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.total th,tr.total td{font-weight:700;color:$strong;border-top:1.5px solid $muted}
.none{color:$muted}
.sources ol{list-style:none;padding:0;font-size:.9rem}
.sources li{padding-left:2.2rem;position:relative;margin:.8rem 0}
.sources li>.mark{position:absolute;left:0;color:$accent;font-weight:700}
.sources li:target{background:$tint}
.sources blockquote{margin:.2rem 0 0;color:$muted}
.sheet{margin:2rem 0 3rem}.sheet h2{margin-top:.2em}.note{color:$muted}
.kpis{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:1rem;
margin:1.25rem 0;padding:0;list-style:none}
.kpis li{background:$tint;border-radius:8px;padding:.9rem 1.1rem;margin:0}
.kpis .value{display:block;color:$accent;font-weight:700;font-size:1.35rem}
.kpis .label{color:$text;font-size:.85rem}
.slides{list-style:none;padding:0;display:grid;gap:1.75rem}
.slide{aspect-ratio:16/9;border:1px solid $rule;border-radius:8px;padding:4.5% 5.5%;
container-type:inline-size;overflow:auto;display:flex;flex-direction:column;margin:0}
.slide h2{font-size:clamp(1.1rem,3cqi,1.9rem);margin:0 0 .6em}
.slide>ul:not(.cards){font-size:clamp(1rem,2.1cqi,1.4rem)}.slide>ul:not(.cards) li{margin:.7em 0}
.slide .eyebrow{font-size:.8rem}.slide .foot{margin:auto 0 0;color:$muted;font-size:.75rem}
.slide.cover{background:$title;justify-content:center;border-color:$title}
.slide.cover h2{color:$white;font-size:clamp(1.5rem,4.6cqi,2.8rem)}
.slide.cover p{color:$accent_light}
.split{display:grid;grid-template-columns:1fr 15rem;gap:1.5rem;align-items:start}
.split .kpis{grid-template-columns:1fr;margin:0}.split figure{margin:0}
.cards{list-style:none;padding:0;display:grid;gap:1rem;
grid-template-columns:repeat(auto-fit,minmax(11rem,1fr))}
.cards li{border:1px solid $rule;border-radius:8px;padding:1rem 1.2rem;margin:0}
.cards .index{color:$accent_mid;font-weight:700;font-size:1.2rem}
.cards h3{margin:.3em 0}
.slide>blockquote{margin:0;font-size:clamp(1.1rem,2.8cqi,1.7rem);color:$title}
details{margin:.5rem 0 0;color:$muted;font-size:.9rem}
@media (max-width:40rem){main{padding:1.5rem 1rem}.split{grid-template-columns:1fr}
.slide{aspect-ratio:auto;min-height:12rem}}
@media print{main{max-width:none;padding:0}h2,h3,h4{break-after:avoid}
figure,tr,.callout,.slide{break-inside:avoid}}
"""


def _style_sheet() -> str:
    palette = HOUSE_THEME.palette
    names = (
        *("white", "text", "title", "accent", "accent_mid", "accent_light", "tint", "strong"),
        *("muted", "rule", "grid", "header_fill", "warning", "warning_tint"),
    )
    colours = {name: css(getattr(palette, name)) for name in names}
    return Template(_RULES).substitute(colours).strip()


STYLE_SHEET = _style_sheet()
