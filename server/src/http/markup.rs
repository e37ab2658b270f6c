//! A page's HTML, put right before any of it is sent. leptos marks the places between the pieces of every page for the
//! browser's part, asks every page to load that part, and writes what the part reads behind the document's end. Most pages
//! have no island, and need none of this.

use std::pin::Pin;

use futures::{Stream, StreamExt, stream};
use leptos::prelude::*;

/// HTML that comes piece by piece.
pub(crate) type Pieces = Pin<Box<dyn Stream<Item = String> + Send>>;

/// HTML that is being rendered.
pub(crate) type Rendering = Pin<Box<dyn Future<Output = Pieces> + Send>>;

/// How each island begins.
const ISLAND: &str = "<leptos-island";

/// The first of what loads the browser's part; all of it ends with its script.
const LOADER: &str = "<link rel=\"modulepreload\"";
const LOADER_END: &str = "</script>";

/// Before this stands what the browser's part reads.
const END: &str = "</body>";

/// Where the head ends, which is written before the page is known.
const HEAD_END: &str = "</head>";

/// How a page begins to ask browsers without scripts to load it again. Only a head may ask that.
const REFRESH: &str = "<noscript><meta";
const REFRESH_END: &str = "</noscript>";

/// Renders a document as one piece, put right. `data` is what leptos tells the browser's part, as scripts.
pub(crate) fn whole<V>(view: V, data: Box<dyn FnOnce() -> Pieces + Send>, _: bool) -> Rendering
where
    V: IntoView + 'static,
{
    Box::pin(async move {
        let html = view.to_html_stream_in_order().collect::<String>().await;
        let data = data().collect::<String>().await;
        let page = put_right(&html, &data);
        Box::pin(stream::once(async move { page })) as Pieces
    })
}

/// The document with what its islands need, where it has any, and without all of it where it has none.
fn put_right(html: &str, data: &str) -> String {
    let has_islands = html.contains(ISLAND);
    let (before, loader, after) = around(html, LOADER, LOADER_END);
    let (head, body) = after.find(HEAD_END).map_or(("", after), |at| after.split_at(at));
    let (body, end) = body.rfind(END).map_or((body, ""), |at| body.split_at(at));
    let (above, refresh, below) = around(body, REFRESH, REFRESH_END);
    let mut page = String::with_capacity(html.len() + data.len());
    page.push_str(&without_marks(before));
    if has_islands {
        page.push_str(&with_plain_crossorigin(loader));
    }
    page.push_str(&without_marks(head));
    page.push_str(refresh);
    page.push_str(&without_marks(above));
    page.push_str(&without_marks(below));
    if has_islands {
        page.push_str(data);
    }
    page.push_str(&without_marks(end));
    page
}

/// What comes before a part of the document, the part, and what comes after it; all of it comes after where there is none.
fn around<'a>(html: &'a str, start: &str, end: &str) -> (&'a str, &'a str, &'a str) {
    let found = html.find(start).and_then(|start| {
        let length = html[start..].find(end)? + end.len();
        Some((start, start + length))
    });
    found.map_or(("", "", html), |(start, end)| {
        (&html[..start], &html[start..end], &html[end..])
    })
}

/// leptos writes the page's nonce as the value of `crossorigin`, which has values of its own.
fn with_plain_crossorigin(loader: &str) -> String {
    let mut parts = loader.split("crossorigin=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |written, part| {
        let after = part.split_once('"').map_or("", |(_, after)| after);
        written + "crossorigin=\"anonymous\"" + after
    })
}

/// The HTML without the marks between its pieces. Islands find their pieces by the marks and keep them, as comments that are
/// valid: to a browser they are the same.
fn without_marks(html: &str) -> String {
    let mut written = String::with_capacity(html.len());
    let mut islands = 0_usize;
    let mut pieces = html.split('<');
    written.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        if let Some(text) = piece.strip_prefix("!>") {
            if islands > 0 {
                written.push_str("<!---->");
            }
            written.push_str(text);
            continue;
        }
        if piece.starts_with("leptos-island") {
            islands += 1;
        } else if piece.starts_with("/leptos-island") {
            islands = islands.saturating_sub(1);
        }
        written.push('<');
        written.push_str(piece);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\">";
    const SCRIPTS: &str = "<link rel=\"modulepreload\" href=\"/pkg/portal.js\" crossorigin=\"n0nce\">\
        <link rel=\"preload\" href=\"/pkg/portal.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin=\"n0nce\">\
        <script type=\"module\" nonce=\"n0nce\">tag === 'leptos-island'</script>";
    const DATA: &str = "<script nonce=\"n0nce\">__RESOLVED_RESOURCES=[];</script>";

    #[test]
    fn a_page_without_islands_loads_nothing_and_holds_no_marks() {
        let html = format!("{HEAD}{SCRIPTS}<!--HEAD--></head><body><p>2<!> people</p><!></body><!><!></html><!>");
        assert_eq!(
            put_right(&html, DATA),
            format!("{HEAD}<!--HEAD--></head><body><p>2 people</p></body></html>")
        );
    }

    #[test]
    fn a_page_with_an_island_loads_it_and_keeps_the_marks_within() {
        let island = "<leptos-island data-component=\"CopyLink\"><p>a<!>b</p></leptos-island>";
        let html = format!("{HEAD}{SCRIPTS}</head><body><p>2<!> people</p>{island}<p>c<!>d</p></body></html>");
        let loader = SCRIPTS.replace("crossorigin=\"n0nce\"", "crossorigin=\"anonymous\"");
        let island = "<leptos-island data-component=\"CopyLink\"><p>a<!---->b</p></leptos-island>";
        assert_eq!(
            put_right(&html, DATA),
            format!("{HEAD}{loader}</head><body><p>2 people</p>{island}<p>cd</p>{DATA}</body></html>")
        );
    }

    #[test]
    fn a_page_that_is_loaded_again_asks_so_in_its_head() {
        let refresh = "<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>";
        let html = format!("{HEAD}{SCRIPTS}</head><body><main>{refresh}<p>It runs</p></main></body></html>");
        assert_eq!(
            put_right(&html, DATA),
            format!("{HEAD}{refresh}</head><body><main><p>It runs</p></main></body></html>")
        );
    }

    #[test]
    fn scripts_of_the_page_itself_stay_with_and_without_islands() {
        let html = format!("{HEAD}{SCRIPTS}</head><body><script>a<b</script></body></html>");
        assert_eq!(
            put_right(&html, DATA),
            format!("{HEAD}</head><body><script>a<b</script></body></html>")
        );
    }
}
