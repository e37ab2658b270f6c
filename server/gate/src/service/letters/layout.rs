//! A letter's parts set as plain text and as HTML. Whatever a name holds, it stays on its line and is text.

use super::part::Part;

/// The end of every letter that answers no mail.
pub(super) const FOOT: &str = "Staffbook sent this email automatically. Do not reply: nobody reads replies.";

/// The end of letters that answer a mail, and come from the address that files are sent to.
pub(super) const FOOT_OF_REPLIES: &str =
    "Staffbook sent this email automatically. If you reply, only an attached file is read.";

// Programs that show mail know no style sheets, so each element carries its style. The dark blue on white, and white on
// it, has a contrast of more than 7 to 1.
const BODY: &str = "margin:0;background-color:#f2f4f5;color:#212b32;font-family:Arial,Helvetica,sans-serif;\
                    font-size:16px;line-height:1.5";
const SHEET: &str = "max-width:560px;margin:0 auto;padding:24px;background-color:#ffffff";
const PARAGRAPH: &str = "margin:0 0 16px";
const BUTTON: &str = "display:inline-block;padding:10px 18px;border-radius:4px;background-color:#2f4858;\
                      color:#ffffff;font-weight:bold;text-decoration:none";
const LINK: &str = "color:#2f4858;word-break:break-all";
const TABLE: &str = "margin:0 0 16px;border-collapse:collapse";
const LIST: &str = "margin:0 0 16px;padding-left:24px";
const NAME: &str = "padding:2px 16px 2px 0;text-align:left;vertical-align:top;font-weight:normal;color:#4c6272";
const VALUE: &str = "padding:2px 0;vertical-align:top;font-weight:bold";
const SMALL: &str = "margin:24px 0 0;padding-top:16px;border-top:1px solid #d8dde0;font-size:14px;color:#4c6272";

/// The letter as plain text: parts with an empty line between them.
pub(super) fn text(parts: &[Part], foot: &str) -> String {
    let mut blocks: Vec<String> = parts.iter().map(text_part).collect();
    blocks.push(foot.to_owned());
    blocks.join("\n\n") + "\n"
}

fn text_part(part: &Part) -> String {
    match part {
        Part::Paragraph(text) => one_line(text),
        Part::Button { label, url } => format!("{label}:\n{url}"),
        Part::Facts(facts) => {
            let lines = facts.iter().map(|(name, value)| format!("{name}: {}", one_line(value)));
            lines.collect::<Vec<_>>().join("\n")
        }
        Part::List(items) => {
            let lines = items.iter().map(|item| format!("- {}", one_line(item)));
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

/// The letter as an HTML document of its own.
pub(super) fn html(subject: &str, parts: &[Part], foot: &str) -> String {
    let parts: String = parts.iter().map(html_part).collect();
    format!(
        "<!DOCTYPE html>\n\
         <html lang=\"en-GB\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n\
         </head>\n\
         <body style=\"{BODY}\">\n\
         <div style=\"{SHEET}\">\n\
         {parts}\
         <p style=\"{SMALL}\">{foot}</p>\n\
         </div>\n\
         </body>\n\
         </html>\n",
        escaped(subject)
    )
}

fn html_part(part: &Part) -> String {
    match part {
        Part::Paragraph(text) => format!("<p style=\"{PARAGRAPH}\">{}</p>\n", escaped(&one_line(text))),
        Part::Button { label, url } => {
            let (label, url) = (escaped(label), escaped(url));
            format!(
                "<p style=\"{PARAGRAPH}\"><a href=\"{url}\" style=\"{BUTTON}\">{label}</a></p>\n\
                 <p style=\"{PARAGRAPH}\">If the button does not work, copy this link into your browser: \
                 <a href=\"{url}\" style=\"{LINK}\">{url}</a></p>\n"
            )
        }
        Part::Facts(facts) => {
            let row = |(name, value): &(&str, String)| {
                format!(
                    "<tr><th scope=\"row\" style=\"{NAME}\">{}</th><td style=\"{VALUE}\">{}</td></tr>\n",
                    escaped(name),
                    escaped(&one_line(value))
                )
            };
            let rows: String = facts.iter().map(row).collect();
            format!("<table style=\"{TABLE}\">\n{rows}</table>\n")
        }
        Part::List(items) => {
            let item = |item: &String| format!("<li>{}</li>\n", escaped(&one_line(item)));
            let items: String = items.iter().map(item).collect();
            format!("<ul style=\"{LIST}\">\n{items}</ul>\n")
        }
    }
}

/// A text on one line, without what cannot be seen: a line break in a name would begin another header of the mail, and
/// a mark that turns the direction of writing would disguise what follows.
pub(super) fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let seen: String = text
        .chars()
        .map(|c| if c.is_control() || turns(c) { ' ' } else { c })
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
