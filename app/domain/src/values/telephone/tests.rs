use super::*;

#[test]
fn every_common_way_of_writing_is_the_same_number() {
    let ways = [
        "07700 900123",
        "(07700) 900-123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "447700900123",
        "7700900123",
        "+4407700900123",
        "07700.900.123",
        " 07700\u{A0}900123 ",
        "7700900123.0",
        "447700900123.00",
        "tel:+447700900123",
        "Mobile: 07700 900123",
        "M: 07700 900123",
        "٠٧٧٠٠ ٩٠٠١٢٣",
        "０７７００　９００１２３",
    ];
    for way in ways {
        assert_eq!(Telephone::parse(way).unwrap().as_str(), "+447700900123", "{way}");
    }
    assert_eq!(Telephone::parse("01632 960123").unwrap().as_str(), "+441632960123");
    assert_eq!(Telephone::parse("169772345.0").unwrap().as_str(), "+44169772345");
    assert_eq!(Telephone::parse("+33 1 23 45 67 89").unwrap().as_str(), "+33123456789");
}

#[test]
fn what_cannot_be_seen_and_hyphens_that_do_not_break_do_not_matter() {
    for way in [
        "\u{202A}01632 960803\u{202C}",
        "\u{202D}+44 (0)1632 960803\u{202C}",
        "01632\u{2010}960\u{2011}803",
        "01632\u{2012}960\u{2013}803",
        "01632\u{2212}960803",
        "01632\u{AD}\u{2007}960803",
        "\u{2068}01632\u{202F}960803\u{2069}",
        "\u{FEFF}01632\u{A0}960\u{200B}803\u{200E}",
    ] {
        assert_eq!(Telephone::parse(way).unwrap().as_str(), "+441632960803", "{way:?}");
    }
}

#[test]
fn uk_numbers_are_shown_as_people_write_them() {
    let numbers = [
        ("+447700900123", "07700 900123"),
        ("+441632960123", "01632 960123"),
        ("+442079460123", "020 7946 0123"),
        ("+441214960123", "0121 496 0123"),
        ("+441174960123", "0117 496 0123"),
        ("+443069990123", "0306 999 0123"),
        ("+448081570123", "0808 157 0123"),
        ("+449098790123", "0909 879 0123"),
        ("+445612345678", "056 1234 5678"),
        ("+44800123456", "0800 123456"),
        ("+44169772345", "01697 72345"),
    ];
    for (kept, shown) in numbers {
        assert_eq!(as_written(kept), shown);
        assert_eq!(Telephone::parse(shown).unwrap().as_str(), kept);
        assert_eq!(address(kept), Some(format!("tel:{kept}")));
    }
    for other in ["+33123456789", "+44", "+44é", "", "ext 42", "1113"] {
        assert_eq!(as_written(other), other);
    }
}

#[test]
fn what_is_no_number_is_refused_with_the_cause() {
    for (raw, fault) in [
        ("", NumberFault::NoDigits),
        ("ext 42", NumberFault::Letter { letter: 'e' }),
        ("0123", NumberFault::TooFew { digits: 4 }),
        ("+44", NumberFault::TooFew { digits: 2 }),
        ("0632 960 12345678", NumberFault::TooMany { digits: 15 }),
        ("0632 960 1234", NumberFault::NoSuchRange),
        ("+1 23", NumberFault::TooFew { digits: 3 }),
        ("+1234567890123456", NumberFault::TooMany { digits: 16 }),
        ("++447700900123", NumberFault::Sign { sign: '+' }),
        ("07700x900123", NumberFault::Letter { letter: 'x' }),
        ("O1632 960805", NumberFault::Letter { letter: 'O' }),
        ("+0123456789", NumberFault::NoSuchRange),
        ("01632 960123 / 07700 900123", NumberFault::Several),
        ("01632 960123 or 07700 900123", NumberFault::Several),
        ("01632_960123", NumberFault::Sign { sign: '_' }),
    ] {
        assert_eq!(Telephone::parse(raw), Err(fault), "{raw}");
    }
    assert_eq!(meant("O1632 96O8O5").as_deref(), Some("01632 960805"));
    assert_eq!(meant("ask switchboard"), None);
}

#[test]
fn extensions_are_kept_behind_their_number_or_alone() {
    for (raw, kept, shown) in [
        (
            "01632 960123 ext 4512",
            "+441632960123 ext 4512",
            "01632 960123 ext 4512",
        ),
        ("01632 960123 x4512", "+441632960123 ext 4512", "01632 960123 ext 4512"),
        (
            "01632 960123, Extn. 0045",
            "+441632960123 ext 0045",
            "01632 960123 ext 0045",
        ),
        (
            "01632 960123 (extension 4512)",
            "+441632960123 ext 4512",
            "01632 960123 ext 4512",
        ),
        ("01632 960123 #4512", "+441632960123 ext 4512", "01632 960123 ext 4512"),
        (
            "tel:+441632960123;ext=4512",
            "+441632960123 ext 4512",
            "01632 960123 ext 4512",
        ),
        ("Ext: 4512", "ext 4512", "ext 4512"),
        ("x4512", "ext 4512", "ext 4512"),
        ("4512", "ext 4512", "ext 4512"),
        ("0451", "ext 0451", "ext 0451"),
        ("01632 960123", "+441632960123", "01632 960123"),
    ] {
        let read = Telephone::parse_extended(raw).unwrap();
        assert_eq!(read.as_str(), kept, "{raw}");
        assert_eq!(as_written(kept), shown);
        for again in [kept, shown] {
            assert_eq!(Telephone::parse_extended(again).as_ref(), Ok(&read), "{again}");
        }
        assert_eq!(address(kept).is_some(), kept.starts_with('+'));
    }
    let called = address("+441632960123 ext 4512");
    assert_eq!(called.as_deref(), Some("tel:+441632960123;ext=4512"));
    for (raw, fault) in [
        ("x", NumberFault::NoDigits),
        ("01632 960123 ext", NumberFault::Extension),
        ("01632 960123 ext ward 7", NumberFault::Extension),
        ("01632 960123 x1234567", NumberFault::Extension),
        ("07700x900123", NumberFault::TooFew { digits: 5 }),
        ("12", NumberFault::TooFew { digits: 2 }),
        ("7946 0123", NumberFault::TooFew { digits: 8 }),
        ("+123456789012345 x123456", NumberFault::TooMany { digits: 21 }),
    ] {
        assert_eq!(Telephone::parse_extended(raw), Err(fault), "{raw}");
    }
}

#[test]
fn a_pager_is_a_few_digits_with_their_zeros_or_a_number() {
    for (raw, kept) in [
        ("1113", "1113"),
        ("0028", "0028"),
        ("Bleep 1480", "1480"),
        ("bleep no. 1480", "1480"),
        ("#6411", "6411"),
        ("\u{200B}0814", "0814"),
        ("07623 960123", "+447623960123"),
        ("123456", "123456"),
    ] {
        assert_eq!(parse_pager(raw).as_deref(), Ok(kept), "{raw:?}");
        assert_eq!(parse_pager(kept).as_deref(), Ok(kept));
    }
    assert_eq!(parse_pager("ask switchboard"), Err(NumberFault::NoDigits));
    assert_eq!(parse_pager("28"), Err(NumberFault::TooFew { digits: 2 }));
    assert_eq!(parse_pager("1480 / 1481"), Err(NumberFault::TooFew { digits: 8 }));
}

#[test]
fn only_uk_mobiles_are_uk_mobiles() {
    let mobile = |raw: &str| Telephone::parse(raw).unwrap().is_uk_mobile();
    assert!(mobile("07700 900123") && mobile("07624 900123"));
    assert!(!mobile("01632 960123") && !mobile("07000 900123") && !mobile("07600 900123") && !mobile("+33 612345678"));
}
