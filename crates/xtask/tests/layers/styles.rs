//! Style sheets of one page: they are joined with others, so each rule must name its page.

use crate::source::files;

/// The sheets, and the class that their pages have around everything.
const OF_ONE_PAGE: [(&str, &str); 2] =
    [("style/kernels.css", ".kernels-page"), ("style/compare.css", ".compare-page")];

#[test]
fn each_rule_of_a_pages_own_sheet_names_that_page() {
    let sheets = files(&["style"], &["css"]);
    for (path, page) in OF_ONE_PAGE {
        let sheet = sheets.iter().find(|file| file.path == path).expect("it's there");
        let rules = selectors(&sheet.text);
        assert!(rules.len() > 50, "{path}: {} selectors were read", rules.len());
        for selector in rules {
            assert!(selector.contains(page), "{path}: {selector}");
        }
    }
    assert_eq!(
        selectors("a, b:is(c, d) { e { x } } @media f { /* g { */ h{} } from {}"),
        ["a", "b:is(c, d)", "e", "h"]
    );
}

/// Every selector of a style sheet, those of lists one by one.
fn selectors(sheet: &str) -> Vec<String> {
    let mut plain = String::new();
    for part in sheet.split("/*") {
        let after = part.split_once("*/").map_or(part, |(_, after)| after);
        plain.push_str(after);
    }
    let heads = plain.split('{').map(|head| head.rsplit(['{', '}', ';']).next().unwrap_or(head));
    let mut found: Vec<&str> = heads.map(str::trim).collect();
    // What follows the last brace opens nothing.
    found.pop();
    let wanted = |head: &&str| !head.is_empty() && !head.starts_with('@');
    let steps = |selector: &String| !["from", "to"].contains(&selector.as_str());
    found.into_iter().filter(wanted).flat_map(list).filter(steps).collect()
}

/// The selectors of a list: a comma within parentheses or brackets separates none.
fn list(head: &str) -> Vec<String> {
    let mut depth = 0;
    let separates = |sign: char| {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        sign == ',' && depth == 0
    };
    head.split(separates).map(|selector| selector.trim().to_owned()).collect()
}
