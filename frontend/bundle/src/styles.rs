//! From `style/main.scss` to one small style sheet.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use grass::OutputStyle;

use crate::layout::Layout;
use crate::names;

/// Compiles the style sheet and takes out what only people read.
pub fn compile(layout: &Layout) -> Result<String> {
    let style = layout.style();
    let libraries = style.join("node_modules");
    ensure!(
        libraries.is_dir(),
        "style/node_modules is missing: run `make setup`, or `npm ci --prefix style`"
    );

    let options = grass::Options::default()
        .style(OutputStyle::Compressed)
        .load_path(&style)
        .load_path(&libraries);
    let css = grass::from_path(style.join("main.scss"), &options).map_err(|error| anyhow!("{error}"))?;
    with_contents_named(&css, &style.join("assets"))
}

/// Puts behind the address of each image what its content hashes to, so that browsers may keep it until it changes.
fn with_contents_named(css: &str, assets: &Path) -> Result<String> {
    let mut parts = css.split("url(");
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (url, after) = part
            .split_once(')')
            .context("an address in the style sheet has no end")?;
        let path = url.trim_matches('"');
        named.push_str("url(");
        if let Some(file) = path.strip_prefix('/') {
            let file = assets.join(file);
            let content = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            write!(named, "\"{path}?{}\"", names::hash(&content))?;
        } else {
            named.push_str(url);
        }
        named.push(')');
        named.push_str(after);
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled() -> (Layout, String) {
        let layout = Layout::find().unwrap();
        let css = compile(&layout).unwrap();
        (layout, css)
    }

    #[test]
    fn the_style_sheet_carries_no_font_and_no_logo_of_the_health_service() {
        let (_, css) = compiled();
        assert!(!css.to_lowercase().contains("frutiger"));
        assert!(!css.contains("@font-face"));
        assert!(!css.contains("nhsuk-logo"));
    }

    #[test]
    fn every_file_that_the_style_sheet_names_is_ours_to_serve() {
        let (layout, css) = compiled();
        let named: Vec<&str> = css
            .split("url(")
            .skip(1)
            .map(|rest| rest.split_once(')').unwrap().0.trim_matches('"'))
            .filter(|url| !url.starts_with("data:"))
            .collect();
        for url in named {
            let path = url.split('?').next().unwrap();
            let file = layout.style().join("assets").join(path.trim_start_matches('/'));
            assert!(url.starts_with('/') && file.is_file(), "{url} is not in style/assets");
        }
    }

    #[test]
    fn an_image_has_its_content_in_its_address_and_data_stays() {
        let assets = tempfile::tempdir().unwrap();
        fs::write(assets.path().join("a.svg"), "abc").unwrap();
        let css = "p{background:url(/a.svg)}q{background:url(\"/a.svg\")}r{mask:url(data:image/png,x)}";
        assert_eq!(
            with_contents_named(css, assets.path()).unwrap(),
            "p{background:url(\"/a.svg?ba7816bf8f01cfea4141\")}q{background:url(\"/a.svg?ba7816bf8f01cfea4141\")}\
             r{mask:url(data:image/png,x)}"
        );
        assert!(with_contents_named("p{background:url(/b.svg)}", assets.path()).is_err());
    }

    // grass hashes selectors by address: with `@extend`, rules go missing in one run and not in the next.
    #[test]
    fn the_same_sources_give_the_same_style_sheet() {
        let (layout, first) = compiled();
        for _ in 0..4 {
            assert!(compile(&layout).unwrap() == first, "see style/_typography.scss");
        }
    }

    #[test]
    fn moving_between_pages_is_animated_only_for_those_who_do_not_mind() {
        let (_, css) = compiled();
        let (before, _) = css.split_once("@view-transition").unwrap();
        let before = before.replace(' ', "");
        assert!(before.ends_with("@media(prefers-reduced-motion:no-preference){"));
    }
}
