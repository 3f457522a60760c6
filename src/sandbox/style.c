#include "html.h"

/* Colours have 4.5:1 or more against what they lie on, in light and in dark; what is touched is 44 pixels high. */
/* clang-format off */
static const char style[] =
    ":root{color-scheme:light dark;--page:#f3f5f8;--card:#fff;--text:#1b1f24;--soft:#545d68;--line:#767f8a;"
        "--blue:#0b5394;--bad:#a4001c;--bad-page:#fdecee;--good:#14602f;--good-page:#e7f5ec}\n"
    "@media (prefers-color-scheme:dark){:root{--page:#14171b;--card:#1e2329;--text:#e8ebef;--soft:#aab3be;"
        "--line:#8a94a0;--blue:#8cc2ff;--bad:#ff9aa6;--bad-page:#3a161c;--good:#86d9a3;--good-page:#12301d}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;font:1.0625rem/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Liberation Sans\",sans-serif;"
        "color:var(--text);background:var(--page);overflow-wrap:anywhere}\n"
    "header,main,footer{max-width:40rem;margin:0 auto;padding:0 1rem}\n"
    "header{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1rem;padding-top:.75rem}\n"
    ".home{font-weight:700;color:var(--text);text-decoration:none;padding:.6rem 0;margin-right:auto}\n"
    ".who{order:1;width:100%;color:var(--soft);font-size:.9375rem}\n"
    "nav{order:2;width:100%;display:flex;flex-wrap:wrap;gap:0 1.25rem;border-bottom:1px solid var(--line)}\n"
    "nav a{padding:.65rem 0;text-decoration:none;border-bottom:3px solid transparent}\n"
    "nav a[aria-current]{color:var(--text);border-color:var(--blue);font-weight:600}\n"
    "main{background:var(--card);margin-top:1rem;padding-top:1.25rem;padding-bottom:1.5rem}\n"
    "footer{color:var(--soft);font-size:.9375rem}\n"
    "a{color:var(--blue)}\n"
    "h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem}\n"
    "h2{font-size:1.125rem;margin:0}\n"
    "label{display:block;margin:1rem 0 .25rem;font-weight:600}\n"
    "input,select,button{font:inherit;min-height:2.75rem;border:1px solid var(--line);border-radius:.375rem;"
        "padding:.5rem .75rem}\n"
    "input,select{width:100%;color:inherit;background:var(--card)}\n"
    "[aria-invalid]{border:2px solid var(--bad)}\n"
    "button{margin:1.25rem .75rem 0 0;padding:.5rem 1.5rem;font-weight:600;color:var(--card);"
        "background:var(--blue);border-color:var(--blue);cursor:pointer}\n"
    "button.quiet{color:var(--blue);background:transparent}\n"
    "header button,li button{margin:0;padding:.5rem 1rem}\n"
    ":focus-visible{outline:3px solid var(--blue);outline-offset:2px}\n"
    ".fault{margin:.25rem 0 0;color:var(--bad)}\n"
    ".note{padding:.75rem 1rem;border-left:.3rem solid var(--good);background:var(--good-page);margin:0 0 1rem}\n"
    ".note.bad{border-color:var(--bad);background:var(--bad-page)}\n"
    ".code{font:700 2rem/1.2 ui-monospace,\"Liberation Mono\",monospace;letter-spacing:.08em;margin:.5rem 0 1rem}\n"
    "dt{font-weight:600}\n"
    "dd{margin:0 0 .75rem}\n"
    ".list{list-style:none;margin:1rem 0 0;padding:0}\n"
    ".list li{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.5rem 1rem;"
        "padding:1rem 0;border-top:1px solid var(--line)}\n"
    ".list div{flex:1 1 12rem}\n"
    ".list p{margin:0;color:var(--soft)}\n"
    "@media (min-width:44rem){\n"
    "main{border-radius:.5rem;padding:1.75rem 2rem 2rem;margin-top:1.5rem}\n"
    "header,footer{padding-left:2rem;padding-right:2rem}\n"
    ".who{order:0;width:auto}\n"
    "}\n";
/* clang-format on */

void style_get(struct call *call)
{
    call->reply->status = 200;
    call->reply->type = "text/css; charset=utf-8";
    reply_header(call->reply, "Cache-Control", "max-age=3600");
    text_add(&call->reply->body, style);
}
