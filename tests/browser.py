"""A real browser on built pages: what it ran, asked for and complained of, and what axe finds."""

import contextlib
import dataclasses
import importlib.util
import os
import pathlib

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic",
    "--no-first-run", "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Whatever a page may do unasked is counted, not done; the browser puts this in before the page.
TRAP = """
for (const name of ["alert", "confirm", "prompt", "print", "open", "fetch"])
  window[name] = () => { console.log("RAN " + name); };
navigator.sendBeacon = () => console.log("RAN beacon");
document.addEventListener("securitypolicyviolation", e =>
  console.log("VIOLATION " + e.violatedDirective + " " + e.blockedURI));
"""

# What may hold script or ask for something, wherever it stands on a page.
ACTIVE = """() => {
  const bad = [...document.querySelectorAll("script,iframe,frame,object,embed,base,form,input," +
    "button,link,svg,math,video,audio,:not(picture)>source,template,meta[http-equiv=refresh],noscript")];
  const found = bad.map(e => e.tagName);
  for (const e of document.querySelectorAll("*")) for (const a of e.attributes) {
    // A style may say on which side a cell's words stand and that a table scrolls: nothing else.
    if (a.name === "style" && /^(text-align: (left|center|right)|overflow-x: auto)$/.test(a.value))
      continue;
    if (/^on|^style$|^srcdoc$|^ping$|^background$|^formaction$/i.test(a.name))
      found.push(e.tagName + " " + a.name);
    if (a.name === "href" && !/^(#|(tables\\/)?[\\w.-]+(#[\\w.-]+)?$)/.test(a.value))
      found.push(a.value);
    if (/^src(set)?$/.test(a.name) && !/^data:image\\/png;base64,[\\w+/=]+$/.test(a.value))
      found.push(a.value);
  }
  return found;
}"""


def playwright():
    """A running playwright, and the browser named by POSITIONS_BROWSER started under it."""
    from playwright.sync_api import sync_playwright

    @contextlib.contextmanager
    def running():
        with sync_playwright() as started:
            yield started.chromium.launch(
                executable_path=os.environ["POSITIONS_BROWSER"], args=FLAGS
            )

    return running()


def axe() -> str:
    """The source of axe-core: npm's where POSITIONS_NPM has it, else the Python package's."""
    npm = pathlib.Path(os.environ.get("POSITIONS_NPM", ".")) / "axe-core" / "axe.min.js"
    if npm.is_file():
        return npm.read_text("utf-8")
    package = importlib.util.find_spec("axe_playwright_python").origin
    return pathlib.Path(package).with_name("axe.min.js").read_text("utf-8")


@dataclasses.dataclass
class Seen:
    """What a page did when it was opened."""

    ran: list[str]
    violations: list[str]
    requests: list[str]
    active: list[str]
    text: str


@contextlib.contextmanager
def watched(browser, *, policy):
    """A function that opens an address and tells what the page did; `policy` in force or not."""
    context = browser.new_context(bypass_csp=not policy, java_script_enabled=True)
    context.add_init_script(TRAP)
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(f"RAN {error}"))
    page.on("dialog", lambda box: (said.append(f"RAN dialog {box.type}"), box.dismiss()))
    page.on("request", lambda request: asked.append(request.url))

    def visit(address):
        said.clear(), asked.clear()
        page.goto(address, wait_until="load")
        active, text = page.evaluate(ACTIVE), page.evaluate("document.body.textContent")
        ran = [line for line in said if line.startswith("RAN")]
        return Seen(ran, [line for line in said if line not in ran], asked[1:], active, text)

    yield visit
    context.close()


# Each rule with the first element that it is about; whole reports of large tables are long.
AUDIT = """async rules => {
  const run = {type: "tag", values: rules}, kinds = ["violations", "incomplete"];
  const found = await axe.run(document, {runOnly: run, resultTypes: kinds});
  const first = rule => [rule.id, rule.nodes[0].html.slice(0, 200), rule.nodes[0].failureSummary];
  return [axe.version, ...kinds.map(kind => found[kind].map(first))];
}"""


def audit(page) -> tuple[dict, dict]:
    """What axe finds on a page: violations, and what it cannot tell, each by its rule."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())  # by way of the debugger: the page's policy stays in force
    version, *found = page.evaluate(AUDIT, RULES)
    assert tuple(map(int, version.split(".")[:2])) >= (4, 12)
    return tuple({rule: words for rule, *words in kind} for kind in found)


# The least contrast of any text with the colour behind it, and the text that has it.
CONTRAST = """() => {
  const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const rgba = s => s.match(/[\\d.]+/g).map(Number);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const style = getComputedStyle(e), c = rgba(style.backgroundColor);
      if (style.backgroundImage !== "none") throw new Error("an image behind " + e.outerHTML);
      if (c.length < 4 || c[3] === 1) return c;
      if (c[3] !== 0) throw new Error("half transparent: " + e.outerHTML);
    }
    return [255, 255, 255];
  };
  window.contrast = (one, other) => {
    const [a, b] = [light(rgba(one)), light(Array.isArray(other) ? other : rgba(other))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  window.behind = behind;
  let least = [21, ""];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walk.nextNode();) {
    if (!node.data.trim()) continue;
    const e = node.parentElement, ratio = contrast(getComputedStyle(e).color, behind(e));
    if (ratio < least[0]) least = [ratio, node.data.trim().slice(0, 60)];
  }
  return least;
}"""
