//! The attributes themselves, as data.

use domain::dictionary::Attribute;

use super::shape::{Binding, Choice, Definition, Mutability, Part, Schema, TELEPHONE_TYPES, Type, Uniqueness};

const PLAIN: Definition = Definition {
    name: "",
    kind: Type::Text,
    is_many: false,
    mutability: Mutability::ReadWrite,
    is_required: false,
    is_case_exact: false,
    uniqueness: Uniqueness::None,
    choice: Choice::Any,
    holds: None,
    about: "",
    subs: &[],
};

/// A text that holds an attribute of the dictionary.
const fn held(name: &'static str, attribute: Attribute) -> Definition {
    Definition {
        name,
        holds: Some(attribute),
        is_required: attribute.entry().required,
        ..PLAIN
    }
}

/// A text of the protocol's own.
const fn said(name: &'static str, about: &'static str) -> Definition {
    Definition { name, about, ..PLAIN }
}

const fn read_only(definition: Definition) -> Definition {
    Definition {
        mutability: Mutability::ReadOnly,
        is_required: false,
        ..definition
    }
}

const fn of_kind(kind: Type, definition: Definition) -> Definition {
    Definition { kind, ..definition }
}

const fn chosen(choice: Choice, definition: Definition) -> Definition {
    Definition { choice, ..definition }
}

const fn many(definition: Definition) -> Definition {
    Definition {
        is_many: true,
        ..definition
    }
}

const fn exact(definition: Definition) -> Definition {
    Definition {
        is_case_exact: true,
        ..definition
    }
}

const fn complex(name: &'static str, about: &'static str, subs: &'static [Definition]) -> Definition {
    Definition {
        name,
        about,
        kind: Type::Complex,
        subs,
        ..PLAIN
    }
}

const fn from_list(name: &'static str, attribute: Attribute) -> Definition {
    many(chosen(Choice::List, held(name, attribute)))
}

/// What every resource has (RFC 7643, 3.1); schemas do not list it.
pub(super) const COMMON: &[Definition] = &[
    read_only(many(exact(said("schemas", "The schemas of the resource.")))),
    read_only(exact(said("id", "The service's own, unchanging ID."))),
    exact(said(
        "externalId",
        "Your own key for the resource; each connector has its own.",
    )),
    read_only(complex(
        "meta",
        "When and where the resource is.",
        &[
            read_only(exact(said("resourceType", "What the resource is."))),
            read_only(of_kind(Type::Moment, said("created", "When it was created."))),
            read_only(of_kind(Type::Moment, said("lastModified", "When it last changed."))),
            read_only(of_kind(Type::Reference, exact(said("location", "Its address.")))),
            read_only(exact(said("version", "Its version, as the header ETag has it."))),
        ],
    )),
];

const OFFERINGS: &[&str] = &[
    "collab",
    "mail",
    "bundle",
    "traveler",
    "docs",
    "retention",
    "collab-storage",
    "mail-storage",
];

const STATUSES: &[&str] = &["pending", "active", "inactive", "locked", "disabled", "leaver"];

pub(super) const USER: &[Definition] = &[
    Definition {
        is_required: true,
        uniqueness: Uniqueness::Server,
        ..said(
            "userName",
            "The name the person signs in with, up to 254 characters. On creation, an address in the mail domain asks for that email \
             address.",
        )
    },
    Definition {
        is_required: true,
        ..complex(
            "name",
            "The parts of the person's name.",
            &[
                read_only(said("formatted", "The whole name.")),
                held("familyName", Attribute::LastName),
                held("givenName", Attribute::FirstName),
                held("middleName", Attribute::Initials),
                held("honorificPrefix", Attribute::Title),
            ],
        )
    },
    held("displayName", Attribute::DisplayName),
    held("title", Attribute::JobTitle),
    Definition {
        is_required: true,
        ..of_kind(
            Type::Boolean,
            said(
                "active",
                "False while the account is disabled. Every account has it; a new one is active if it is not sent.",
            ),
        )
    },
    of_kind(Type::Reference, exact(held("profileUrl", Attribute::WebPage))),
    read_only(many(complex(
        "emails",
        "The email address, and former ones that still receive mail. The service makes them.",
        &[
            read_only(said("value", "The address.")),
            read_only(chosen(
                Choice::Of(&["work", "other"]),
                said("type", "work for the address, other for a former one."),
            )),
            read_only(of_kind(Type::Boolean, said("primary", "True for the address."))),
        ],
    ))),
    read_only(many(complex(
        "entitlements",
        "The seats of subscriptions that the person holds. Administrators and change files assign them.",
        &[
            read_only(exact(said("value", "The number of the subscription."))),
            read_only(said("display", "What is subscribed to.")),
            read_only(chosen(Choice::Of(OFFERINGS), said("type", "The same in a word."))),
        ],
    ))),
    many(complex(
        "phoneNumbers",
        "One number of each type. It is given back as it was sent.",
        &[
            said(
                "value",
                "A UK or international number; a mobile number is a UK mobile number.",
            ),
            chosen(Choice::Of(TELEPHONE_TYPES), said("type", "What kind of number it is.")),
        ],
    )),
];

const NOT_KEPT: &str = "Not kept here. It is listed for clients that need it to be.";

pub(super) const LISTED_ONLY: &[Definition] = &[
    read_only(said("preferredLanguage", NOT_KEPT)),
    read_only(exact(said(
        "password",
        "Not kept here. People set their own by an activation link.",
    ))),
    read_only(many(complex(
        "addresses",
        NOT_KEPT,
        &[
            read_only(said("formatted", NOT_KEPT)),
            read_only(said("streetAddress", NOT_KEPT)),
            read_only(said("locality", NOT_KEPT)),
            read_only(said("region", NOT_KEPT)),
            read_only(said("postalCode", NOT_KEPT)),
            read_only(said("country", NOT_KEPT)),
            read_only(said("type", NOT_KEPT)),
        ],
    ))),
    read_only(many(complex(
        "photos",
        NOT_KEPT,
        &[
            read_only(of_kind(Type::Reference, exact(said("value", NOT_KEPT)))),
            read_only(said("type", NOT_KEPT)),
        ],
    ))),
    read_only(many(complex(
        "groups",
        NOT_KEPT,
        &[
            read_only(said("value", NOT_KEPT)),
            read_only(of_kind(Type::Reference, exact(said("$ref", NOT_KEPT)))),
            read_only(said("display", NOT_KEPT)),
        ],
    ))),
];

pub(super) const ENTERPRISE: &[Definition] = &[
    Definition {
        uniqueness: Uniqueness::Server,
        ..exact(held("employeeNumber", Attribute::LocalId))
    },
    held("department", Attribute::Department),
    read_only(said("organization", "The name of the organisation.")),
];

pub(super) const ACCOUNT: &[Definition] = &[
    Definition {
        mutability: Mutability::Immutable,
        is_required: false,
        ..chosen(Choice::Organisations, held("organisation", Attribute::Organisation))
    },
    chosen(Choice::Sites, held("site", Attribute::Site)),
    chosen(Choice::Units, held("unit", Attribute::Unit)),
    of_kind(Type::Boolean, held("mobileHidden", Attribute::HideMobile)),
    from_list("clinicalSpecialties", Attribute::ClinicalSpecialty),
    from_list("staffRoles", Attribute::Role),
    from_list("workAreas", Attribute::WorkArea),
    held("notes", Attribute::Notes),
    read_only(of_kind(Type::Integer, said("quotaMegabytes", "The mailbox's size."))),
    read_only(said(
        "addressBookName",
        "What the address book shows: displayName, or what is made from the name.",
    )),
    read_only(chosen(
        Choice::Of(STATUSES),
        said("status", "Where the account stands in its life."),
    )),
    read_only(of_kind(
        Type::Moment,
        said("leaverUntil", "When a leaver's account is deleted."),
    )),
    read_only(of_kind(
        Type::Boolean,
        said(
            "held",
            "True while an administrator or an unfinished change holds the account: it cannot be changed.",
        ),
    )),
];

pub(super) const CONTACT: &[Definition] = &[
    read_only(held("displayName", Attribute::DisplayName)),
    read_only(complex(
        "name",
        "The parts of the person's name.",
        &[
            read_only(said("formatted", "The whole name.")),
            read_only(held("familyName", Attribute::LastName)),
            read_only(held("givenName", Attribute::FirstName)),
            read_only(held("honorificPrefix", Attribute::Title)),
        ],
    )),
    read_only(many(complex(
        "emails",
        "The email address, elsewhere.",
        &[
            read_only(said("value", "The address.")),
            read_only(chosen(Choice::Of(&["work"]), said("type", "work."))),
            read_only(of_kind(Type::Boolean, said("primary", "True."))),
        ],
    ))),
    read_only(many(complex(
        "phoneNumbers",
        "One number of each type.",
        &[
            read_only(said("value", "The number.")),
            read_only(chosen(
                Choice::Of(TELEPHONE_TYPES),
                said("type", "What kind of number it is."),
            )),
        ],
    ))),
    read_only(chosen(
        Choice::Organisations,
        held("organisation", Attribute::Organisation),
    )),
    read_only(chosen(Choice::Units, held("unit", Attribute::Unit))),
    read_only(held("sipAddress", Attribute::SipAddress)),
    read_only(from_list("clinicalSpecialties", Attribute::ClinicalSpecialty)),
    read_only(from_list("staffRoles", Attribute::Role)),
    read_only(from_list("workAreas", Attribute::WorkArea)),
    read_only(held("notes", Attribute::Notes)),
];

const fn bound(attribute: Attribute, schema: Schema, name: &'static str, part: Part) -> Binding {
    Binding {
        attribute,
        schema,
        name,
        part,
    }
}

pub(super) const BINDINGS: [Binding; 20] = {
    use Part::{Sub, Typed, Whole};
    use Schema::{Account, Enterprise, User};
    [
        bound(Attribute::Title, User, "name", Sub("honorificPrefix")),
        bound(Attribute::FirstName, User, "name", Sub("givenName")),
        bound(Attribute::Initials, User, "name", Sub("middleName")),
        bound(Attribute::LastName, User, "name", Sub("familyName")),
        bound(Attribute::DisplayName, User, "displayName", Whole),
        bound(Attribute::LocalId, Enterprise, "employeeNumber", Whole),
        bound(Attribute::Site, Account, "site", Whole),
        bound(Attribute::Unit, Account, "unit", Whole),
        bound(Attribute::JobTitle, User, "title", Whole),
        bound(Attribute::Department, Enterprise, "department", Whole),
        bound(Attribute::Telephone, User, "phoneNumbers", Typed("work")),
        bound(Attribute::Mobile, User, "phoneNumbers", Typed("mobile")),
        bound(Attribute::HideMobile, Account, "mobileHidden", Whole),
        bound(Attribute::Pager, User, "phoneNumbers", Typed("pager")),
        bound(Attribute::Fax, User, "phoneNumbers", Typed("fax")),
        bound(Attribute::WebPage, User, "profileUrl", Whole),
        bound(Attribute::ClinicalSpecialty, Account, "clinicalSpecialties", Whole),
        bound(Attribute::Role, Account, "staffRoles", Whole),
        bound(Attribute::WorkArea, Account, "workAreas", Whole),
        bound(Attribute::Notes, Account, "notes", Whole),
    ]
};
