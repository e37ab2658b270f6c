//! From `style/main.scss` to one small style sheet.

use anyhow::{Result, anyhow, ensure};
use grass::OutputStyle;

use crate::layout::Layout;

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
    grass::from_path(style.join("main.scss"), &options).map_err(|error| anyhow!("{error}"))
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
            let file = layout.style().join("assets").join(url.trim_start_matches('/'));
            assert!(url.starts_with('/') && file.is_file(), "{url} is not in style/assets");
        }
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
