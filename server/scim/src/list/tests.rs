use domain::values::ids::Timestamp;

use super::*;
use crate::query::{Bound, Condition, Match};

fn search(query: &str) -> Result<Search, ScimError> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    Search::of_query(pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))))
}

fn paging(query: &str) -> Paging {
    search(query).expect(query).paging
}

#[test]
fn pages_by_index_begin_at_one_and_hold_a_hundred() {
    for (query, start, count) in [
        ("", 1, 100),
        ("startIndex=1&count=2", 1, 2),
        ("STARTINDEX=101&Count=100&other=x", 101, 100),
        ("startIndex=0&count=-5", 1, 0),
        ("startIndex=-3", 1, 100),
        ("count=5000", 1, 1_000),
        ("startIndex=10000", 10_000, 100),
    ] {
        assert_eq!(paging(query), Paging::Index { start, count }, "{query}");
    }
}

#[test]
fn pages_by_cursor_begin_with_an_empty_one() {
    let page = |cursor: Option<&str>, count| Paging::Cursor {
        cursor: cursor.map(ToOwned::to_owned),
        count,
    };
    assert_eq!(paging("cursor="), page(None, 100));
    assert_eq!(paging("cursor&count=1000"), page(None, 1_000));
    assert_eq!(paging("cursor=VZUTiyhEQJ94IR&count=0"), page(Some("VZUTiyhEQJ94IR"), 0));
}

#[test]
fn pages_that_cannot_be_answered_are_refused_with_the_word_for_it() {
    for (query, scim_type, said) in [
        (
            "startIndex=10001",
            ScimType::InvalidValue,
            "startIndex is at most 10000. To read more, page by cursor",
        ),
        ("startIndex=a", ScimType::InvalidValue, "startIndex is a whole number."),
        ("count=ten", ScimType::InvalidValue, "count is a whole number."),
        (
            "cursor=&count=1001",
            ScimType::InvalidCount,
            "count is a number from 0 to 1000.",
        ),
        (
            "cursor=&count=-1",
            ScimType::InvalidCount,
            "count is a number from 0 to 1000.",
        ),
        ("cursor=&count=x", ScimType::InvalidCount, "count is a whole number."),
        (
            "cursor=a&startIndex=1",
            ScimType::InvalidCursor,
            "Page by startIndex or by cursor, not by both.",
        ),
        (
            "sortBy=title",
            ScimType::InvalidValue,
            "sortBy is userName, name.familyName or meta.lastModified.",
        ),
        (
            "sortBy=userName&sortOrder=up",
            ScimType::InvalidValue,
            "sortOrder is ascending or descending.",
        ),
        (
            "filter=title pr",
            ScimType::InvalidFilter,
            "The filter “title pr” cannot be answered.",
        ),
    ] {
        let error = search(query).expect_err(query);
        assert_eq!(error.scim_type, Some(scim_type), "{query}");
        assert!(error.said.starts_with(said), "{query}: {}", error.said);
    }
    let both = search("count=x&sortBy=title").expect_err("two mistakes");
    let detail = "count is a whole number.\nsortBy is userName, name.familyName or meta.lastModified.";
    assert_eq!(both.detail(), detail);
}

#[test]
fn a_search_request_asks_what_an_address_asks() {
    let body = json!({
        "schemas": [SEARCH_REQUEST],
        "attributes": ["userName", "name"],
        "filter": "userName sw \"jo\" and meta.lastModified gt \"1970-01-01T00:00:01Z\"",
        "sortBy": "urn:ietf:params:scim:schemas:core:2.0:User:userName",
        "sortOrder": "descending",
        "startIndex": 11,
        "count": 10,
    });
    let asked = Search::of_body(&body).expect("a search");
    let address = "attributes=userName,name&filter=userName sw \"jo\" and meta.lastModified gt \"1970-01-01T00:00:01Z\"&\
                   sortBy=userName&sortOrder=descending&startIndex=11&count=10";
    assert_eq!(Ok(&asked), search(address).as_ref());
    assert_eq!(asked.sort, Some((SortBy::UserName, Direction::Descending)));
    let conditions = [
        Condition::UserName(Match::Starts("jo".to_owned())),
        Condition::LastModified {
            bound: Bound::After,
            at: Timestamp(1_000),
        },
    ];
    assert_eq!(asked.query.conditions, conditions);
    assert!(Search::of_body(&json!([])).is_err());
    let cursor = Search::of_body(&json!({"cursor": "", "count": 3})).expect("a search");
    assert_eq!(cursor.paging, Paging::Cursor { cursor: None, count: 3 });
}

#[test]
fn a_parameter_that_stands_twice_is_refused() {
    for query in [
        "count=1&COUNT=2",
        "filter=userName eq \"a\"&Filter=userName eq \"a\"",
        "cursor=&cursor=abc",
        "attributes=id&attributes=title",
        "sortBy=userName&sortby=userName",
    ] {
        let error = search(query).expect_err(query);
        assert_eq!(error.scim_type, Some(ScimType::InvalidValue), "{query}");
        assert!(
            error.said.ends_with(" stands twice in the address. Send it once."),
            "{}",
            error.said
        );
    }
    assert!(search("unknown=1&unknown=2&count=1").is_ok());
}

#[test]
fn an_answer_counts_and_says_where_the_next_page_is() {
    let page = ListResponse {
        total: Some(0),
        start_index: Some(1),
        ..ListResponse::default()
    };
    assert_eq!(
        page.body(),
        json!({"schemas": [LIST_RESPONSE], "totalResults": 0, "itemsPerPage": 0, "startIndex": 1, "Resources": []})
    );
    let page = ListResponse {
        next_cursor: Some("abc".to_owned()),
        resources: vec![json!({"id": "1"})],
        ..ListResponse::default()
    };
    assert_eq!(
        page.body(),
        json!({"schemas": [LIST_RESPONSE], "itemsPerPage": 1, "nextCursor": "abc", "Resources": [{"id": "1"}]})
    );
    assert_eq!(ListResponse::all(vec![json!({})]).body()["totalResults"], 1);
}

#[test]
fn one_search_has_one_spelling_and_another_order_is_another_search() {
    let asked = |query: &str| search(query).expect(query).asked("User");
    let plain = asked("filter=userName  EQ \"jo\"  AND active eq True&count=5");
    assert_eq!(plain, "User None userName eq \"jo\" and active eq true");
    assert_eq!(plain, asked("filter=userName eq \"jo\" and active eq true&cursor="));
    assert_ne!(asked("sortBy=userName"), asked("sortBy=userName&sortOrder=descending"));
}

#[test]
fn contacts_have_no_user_name_to_sort_by() {
    let of_contacts = |query: &str| search(query).and_then(|search| search.of_contacts()).is_ok();
    assert!(of_contacts("sortBy=name.familyName&filter=displayName sw \"MO\""));
    assert!(!of_contacts("sortBy=userName"));
    assert!(!of_contacts("filter=active eq true"));
}

#[test]
fn parameters_of_another_kind_are_told_at_once() {
    let body = json!({"filter": 5, "count": {}, "attributes": [1], "sortBy": null, "startIndex": "2"});
    let error = Search::of_body(&body).expect_err("refused");
    assert_eq!(
        error.detail(),
        "filter is a text.\ncount is a whole number.\nattributes is a list of names."
    );
    assert_eq!(
        Search::of_body(&json!({"count": "x"})).expect_err("refused").said,
        "count is a whole number."
    );
    assert!(Search::of_body(&json!({"attributes": "userName,title", "count": 5})).is_ok());
}
