"""copy.html: each article as a phone shows it, and a button that copies it for the editor.

It needs no network and nothing beside it: pictures are inside. From a file the browser
may refuse the clipboard to a script; then the article is selected and copied as by hand.
"""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jianbao.press.wechat.packing import Post
    from jianbao.press.wechat.pictures import Picture

_STYLE = """
body { margin: 0; padding: 24px; background: #eee; color: #191919; }
body { font: 15px/1.6 system-ui, sans-serif; }
.phone { width: 375px; box-sizing: border-box; padding: 16px; margin: 8px 0 40px; }
.phone { background: #fff; color: #191919; font-size: 17px; }
.dark .phone { background: #191919; color: #a3a3a3; }
button { font: inherit; padding: 6px 16px; }
.done { margin-left: 1em; color: #296a3b; }
"""
_SCRIPT = """
function say(button, words) { button.nextElementSibling.textContent = words; }
function select(article) {
  const range = document.createRange();
  range.selectNodeContents(article);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}
async function copyArticle(button) {
  const article = document.getElementById(button.dataset.article);
  const html = article.innerHTML, text = article.innerText;
  try {
    await navigator.clipboard.write([new ClipboardItem({
      'text/html': new Blob([html], {type: 'text/html'}),
      'text/plain': new Blob([text], {type: 'text/plain'}),
    })]);
  } catch (refused) {
    const set = (event) => {
      event.clipboardData.setData('text/html', html);
      event.clipboardData.setData('text/plain', text);
      event.preventDefault();
    };
    document.addEventListener('copy', set);
    select(article);
    const copied = document.execCommand('copy');
    document.removeEventListener('copy', set);
    if (!copied) { say(button, '浏览器不让复制：文章已选中，请按 Ctrl+C'); return; }
  }
  say(button, '已复制，到公众平台的编辑器里粘贴');
}
"""


_PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>{title}</title>
<style>{style}</style>
<h1>{title}</h1>
<p>按“复制”，到公众平台新建图文，在正文里粘贴。图片会随文字一起粘进去，粘贴后等它们传完再保存。</p>
<p><label><input type="checkbox" onchange="document.body.classList.toggle('dark')"> 深色</label></p>
{shown}<script>{script}</script>
</html>
"""
_ARTICLE = """<h2>{title}</h2>
<p><button type="button" data-article="{name}" onclick="copyArticle(this)">复制</button>
<span class="done" role="status"></span></p>
<div class="phone" id="{name}">{html}</div>
"""


def copy_page(title: str, posts: tuple[Post, ...], pictures: tuple[Picture, ...]) -> str:
    """The page for ``posts``, with ``pictures`` inside."""
    shown = "".join(_article(number, post, pictures) for number, post in enumerate(posts, 1))
    return _PAGE.format(title=escape(title), style=_STYLE, script=_SCRIPT, shown=shown)


def _article(number: int, post: Post, pictures: tuple[Picture, ...]) -> str:
    html = post.html
    for one in pictures:
        kind = "jpeg" if one.file.endswith(".jpg") else "png"
        data = f"data:image/{kind};base64,{base64.b64encode(one.content).decode()}"
        html = html.replace(f'src="{one.file}"', f'src="{data}"')
    return _ARTICLE.format(title=escape(post.title), name=f"post-{number}", html=html)
