//! The rows, each with the sentence that it earns.

/// Rows, the code that the report has for the last of them, and its sentence. In a row, `|` stands between action, address
/// and fields; `@H` is the mail domain, `@R` the customer's own, and `…` any text.
pub type Case = (&'static [&'static str], &'static str, &'static str);

pub const ADD_UNSEEN: &str = "Add|new@R|GivenName=Ida|FamilyName=Quill|SuppressInvitation=SUPPRESS_ALL";
pub const COLLAB_SEAT: &str = "AssignSeat|fintan.gillespie@H|SubscriptionId=69050";
pub const MAIL_SEAT: &str = "AssignSeat|fintan.gillespie@H|SubscriptionId=69052|AltEmailAddress=f@home.example";
pub const BUNDLE_SEAT: &str = "AssignSeat|fintan.gillespie@H|SubscriptionId=69051|AltEmailAddress=f@home.example";
pub const TRAVELER_SEAT: &str = "AssignSeat|fintan.gillespie@H|SubscriptionId=69053";

/// Of the row and its fields.
pub const OF_FIELDS: &[Case] = &[
    (
        &["|fintan.gillespie@H"],
        "action.missing",
        "This row has no Action. Actions are Add, …",
    ),
    (
        &["Promote|fintan.gillespie@H"],
        "action.unknown",
        "Promote is not an action. Actions are Add, Update, …",
    ),
    (
        &[COLLAB_SEAT, "addstorage|fintan.gillespie@H|CollabExtraStorage=5"],
        "action.older",
        "AddStorage is an older name of ChangeStorage.",
    ),
    (&["Suspend|"], "email.missing", "This row has no EmailAddress."),
    (
        &["Suspend|nobody"],
        "email.bad",
        "nobody in EmailAddress is not an email address: …",
    ),
    (
        &["Add|new@R|FamilyName=Quill"],
        "field.required",
        "Add needs GivenName.",
    ),
    (
        &["Add|new@R|GivenName=Ida|FamilyName=Quill|SubscriptionId=69052|AltEmailAddress=i@home.example"],
        "field.required_mail",
        "Password is needed because the subscription includes mail.",
    ),
    (
        &["Suspend|fintan.gillespie@H|AssignTo=lowri.umar@H"],
        "field.not_taken",
        "Suspend does not take AssignTo.",
    ),
    (
        &["Suspend|fintan.gillespie@H|JobTitle=Porter"],
        "field.not_taken",
        "Suspend does not take JobTitle. It is ignored.",
    ),
    (
        &["Add|new@R|GivenName=Ida|FamilyName=Quill|NotesDN=CN=Ida Quill/O=Riverside"],
        "field.without_mail",
        "NotesDN is ignored because there is no mail seat.",
    ),
    (
        &["Update|fintan.gillespie@H|Country=GBR"],
        "field.long",
        "Country may have 2 characters; this has 3.",
    ),
    (
        &["Update|fintan.gillespie@H|GivenName="],
        "field.empty",
        "GivenName cannot be empty.",
    ),
    (
        &["Update|fintan.gillespie@H|JobTitle=Porter|SuppressInvitation=MAYBE"],
        "value",
        "MAYBE is not one of …",
    ),
    (
        &["Update|fintan.gillespie@H"],
        "update.empty",
        "This row changes nothing.",
    ),
];

/// Of the person.
pub const OF_PEOPLE: &[Case] = &[
    (
        &["Suspend|nobody@R"],
        "account.none",
        "There is no account nobody@R for this customer.",
    ),
    // Who belongs to others is nobody here.
    (
        &["Suspend|gwen.ashcombe@H"],
        "account.none",
        "There is no account gwen.ashcombe@H for this customer.",
    ),
    (
        &["Add|fintan.gillespie@H|GivenName=Fintan|FamilyName=Gillespie"],
        "account.exists",
        "fintan.gillespie@H already has an account. Use Update or AssignSeat.",
    ),
    (
        &["Add|gwen.ashcombe@H|GivenName=Ida|FamilyName=Quill"],
        "address.reserved",
        "gwen.ashcombe@H is not available.",
    ),
    (
        &[
            "Remove|fintan.gillespie@H",
            "Add|fintan.gillespie@H|GivenName=Fintan|FamilyName=Gillespie",
        ],
        "address.reserved",
        "fintan.gillespie@H was deleted. An administrator can restore the account in the portal until …",
    ),
    (
        &[
            COLLAB_SEAT,
            "Rename|fintan.gillespie@H|AltEmailAddress=promised@R",
            "Add|promised@R|GivenName=Ida|FamilyName=Quill",
        ],
        "address.promised",
        "promised@R is promised to another person until they use the link of their Rename. Use another address.",
    ),
    (
        &["Add|new@elsewhere.example|GivenName=Ida|FamilyName=Quill"],
        "domain.foreign",
        "elsewhere.example is not a domain of this customer.",
    ),
    (
        &["Suspend|perrin.holloway@H"],
        "held",
        "perrin.holloway@H is held (Merger under way) since …",
    ),
    (
        &["Update|dermot.dunmore@H|JobTitle=Porter"],
        "state",
        "dermot.dunmore@H is leaving; this is handled in the portal.",
    ),
    (
        &["Resume|niamh.adeyemi@H"],
        "disabled.by_person",
        "niamh.adeyemi@H was disabled by an administrator; enable it in the portal.",
    ),
    (
        &["Add|new@R|GivenName=Fintan|FamilyName=Gillespie"],
        "looks_like",
        "…(fintan.gillespie@H) may be the same person.",
    ),
    (
        &["Remove|fintan.gillespie@H"],
        "restorable",
        "An administrator can restore the account in the portal until …",
    ),
];

/// Of subscriptions and seats.
pub const OF_SEATS: &[Case] = &[
    (
        &["AssignSeat|fintan.gillespie@H|SubscriptionId=1"],
        "subscription.none",
        "1 is not a subscription of this customer.",
    ),
    (
        &["AssignSeat|fintan.gillespie@H|SubscriptionId=69060|AltEmailAddress=f@home.example"],
        "subscription.inactive",
        "69060 is suspended.",
    ),
    (
        &["AssignSeat|fintan.gillespie@H|SubscriptionId=69058"],
        "subscription.storage",
        "Collaboration storage has no seats. Use ChangeStorage.",
    ),
    (
        &["Add|new@R|GivenName=Ida|FamilyName=Quill|SubscriptionId=69050|SubscriptionId2=69050"],
        "subscription.twice",
        "SubscriptionId and SubscriptionId2 name the same subscription.",
    ),
    (
        &[
            "AssignSeat|lowri.umar@H|SubscriptionId=69055",
            "AssignSeat|fintan.gillespie@H|SubscriptionId=69055",
        ],
        "seats.full",
        "No seat of Collaboration Plus is free (1 of 1 used).",
    ),
    (
        &[COLLAB_SEAT, "AssignSeat|fintan.gillespie@H|SubscriptionId=69055"],
        "seat.second_collab",
        "fintan.gillespie@H already has a collaboration seat (Collaboration). Use ChangeSeat.",
    ),
    (
        &[MAIL_SEAT, BUNDLE_SEAT],
        "seat.second_mail",
        "fintan.gillespie@H already has a mail seat (Mail). Use ChangeSeat.",
    ),
    (
        &[MAIL_SEAT, TRAVELER_SEAT, TRAVELER_SEAT],
        "seat.second_accessory",
        "fintan.gillespie@H already has a Traveler seat.",
    ),
    (
        &["RevokeSeat|fintan.gillespie@H|SubscriptionId=COLLAB"],
        "seat.not_held",
        "fintan.gillespie@H has no Collaboration seat.",
    ),
    (
        &["RevokeSeat|fintan.gillespie@H"],
        "seat.which",
        "fintan.gillespie@H has no seat.",
    ),
    (
        &[MAIL_SEAT, TRAVELER_SEAT, "RevokeSeat|fintan.gillespie@H"],
        "seat.which",
        "fintan.gillespie@H has 2 seats; name one.",
    ),
    (&[TRAVELER_SEAT], "seat.needs", "Traveler needs a mail seat."),
    (
        &[
            BUNDLE_SEAT,
            TRAVELER_SEAT,
            "ChangeSeat|fintan.gillespie@H|SubscriptionId=69050|SubscriptionId2=DELETEMAIL",
        ],
        "seat.needed",
        "Traveler needs the mail seat. Revoke it first, in an earlier row.",
    ),
    (
        &[
            MAIL_SEAT,
            TRAVELER_SEAT,
            "RevokeSeat|fintan.gillespie@H|SubscriptionId=mail",
        ],
        "seat.goes_too",
        "The Traveler seat goes too: it needs a mail seat.",
    ),
    (
        &[
            BUNDLE_SEAT,
            "ChangeSeat|fintan.gillespie@H|SubscriptionId=69055|SubscriptionId2=DELETEMAIL",
        ],
        "change.incompatible",
        "… seat cannot become …",
    ),
    (
        &[COLLAB_SEAT, "ChangeSeat|fintan.gillespie@H|SubscriptionId=69050"],
        "change.same",
        "fintan.gillespie@H has a seat of Collaboration already.",
    ),
    (
        &[BUNDLE_SEAT, "ChangeSeat|fintan.gillespie@H|SubscriptionId=69050"],
        "change.keyword_missing",
        "The new seat has no mail. Add DELETEMAIL to confirm that it goes.",
    ),
    (
        &[
            COLLAB_SEAT,
            "ChangeSeat|fintan.gillespie@H|SubscriptionId=69055|SubscriptionId2=DELETEMAIL",
        ],
        "change.keyword_wrong",
        "DELETEMAIL is only for changing a bundle to a single seat, …",
    ),
    (
        &[COLLAB_SEAT, "ChangeSeat|fintan.gillespie@H|SubscriptionId=69051"],
        "mail.credentials",
        "Give Password or AltEmailAddress: this seat brings mail.",
    ),
    (
        &[
            COLLAB_SEAT,
            "ChangeSeat|fintan.gillespie@H|SubscriptionId=69055|AltEmailAddress=f@home.example",
        ],
        "field.not_taken",
        "ChangeSeat takes AltEmailAddress only if the new seat brings mail.",
    ),
    (
        &[
            COLLAB_SEAT,
            "ChangeSeat|fintan.gillespie@H|SubscriptionId=69051|Password=Kettle-painted-harbour",
        ],
        "password.kept",
        "The password in this row is not used: ChangeSeat sets none for fintan.gillespie@H.",
    ),
];

/// Of content, addresses and storage.
pub const OF_THE_REST: &[Case] = &[
    (
        &[COLLAB_SEAT, "Remove|fintan.gillespie@H|AssignTo=nobody@R"],
        "assign_to.none",
        "There is no active account nobody@R for this customer that could take the content.",
    ),
    (
        &[COLLAB_SEAT, "Remove|fintan.gillespie@H|AssignTo=Fintan.Gillespie@H"],
        "assign_to.self",
        "AssignTo names the same person. Name another one, or leave it out.",
    ),
    (
        &[COLLAB_SEAT, "Remove|fintan.gillespie@H|AssignTo=lowri.umar@H"],
        "assign_to.no_collab",
        "lowri.umar@H has no collaboration seat to take the content.",
    ),
    (
        &[
            MAIL_SEAT,
            "AssignSeat|lowri.umar@H|SubscriptionId=69050",
            "RevokeSeat|fintan.gillespie@H|SubscriptionId=MAIL|AssignTo=lowri.umar@H",
        ],
        "assign_to.mail",
        "Mail content cannot be reassigned.",
    ),
    (
        &[COLLAB_SEAT, "Rename|fintan.gillespie@H|AltEmailAddress=lowri.umar@H"],
        "rename.taken",
        "lowri.umar@H is not available.",
    ),
    (
        &[
            "Add|new@R|GivenName=Ida|FamilyName=Quill|SubscriptionId=69050|FederationType=FEDERATED",
            "Rename|new@R|AltEmailAddress=new@elsewhere.example",
        ],
        "rename.domain_federated",
        "elsewhere.example is not a domain of this customer. Federated people need an address in one.",
    ),
    (
        &[
            COLLAB_SEAT,
            "Rename|fintan.gillespie@H|AltEmailAddress=fintan@R",
            "Rename|fintan.gillespie@H|AltEmailAddress=fg@R",
        ],
        "rename.waiting",
        "fintan.gillespie@H is being renamed already. The link sent to the new address must be used first.",
    ),
    (
        &["Rename|fintan.gillespie@H|AltEmailAddress=fintan@R"],
        "rename.no_seat",
        "fintan.gillespie@H has no collaboration or mail seat. Rename needs one.",
    ),
    (
        &[
            COLLAB_SEAT,
            "Rename|fintan.gillespie@H|AltEmailAddress=FINTAN.gillespie@H",
        ],
        "rename.same",
        "fintan.gillespie@H is the address already.",
    ),
    (
        &[
            "Add|new@R|GivenName=Ida|FamilyName=Quill|SubscriptionId=69050|FederationType=FEDERATED",
            "Rename|new@R|AltEmailAddress=ida@R",
            "Update|new@R|JobTitle=Porter",
        ],
        "address.older",
        "new@R is an earlier address of ida@R.",
    ),
    (
        &[COLLAB_SEAT, "ChangeStorage|fintan.gillespie@H"],
        "storage.none",
        "Give CollabExtraStorage or MailExtraStorage.",
    ),
    (
        &[COLLAB_SEAT, "ChangeStorage|fintan.gillespie@H|CollabExtraStorage=ten"],
        "storage.number",
        "ten in CollabExtraStorage is not a whole number of gigabytes.",
    ),
    (
        &[COLLAB_SEAT, "ChangeStorage|fintan.gillespie@H|CollabExtraStorage=60"],
        "storage.pool",
        "60 GB more are needed; 50 GB are free.",
    ),
    (
        &[
            COLLAB_SEAT,
            "ChangeStorage|fintan.gillespie@H|SubscriptionId=69050|MailExtraStorage=5",
        ],
        "storage.side",
        "MailExtraStorage does not go with a seat of Collaboration.",
    ),
    (
        &[
            BUNDLE_SEAT,
            "ChangeStorage|fintan.gillespie@H|MailExtraStorage=5",
            "ChangeSeat|fintan.gillespie@H|SubscriptionId=69050|SubscriptionId2=DELETEMAIL",
        ],
        "storage.back",
        "5 GB of extra mail storage are free again.",
    ),
    (
        &["Add|new@R|GivenName=Ida|FamilyName=Quill|FederationType=FEDERATED|Activation=YES"],
        "activation.value",
        "YES is not FORCE_ACTIVATION.",
    ),
    (
        &["Add|new@R|GivenName=Ida|FamilyName=Quill|Activation=FORCE_ACTIVATION"],
        "activation.not_federated",
        "FORCE_ACTIVATION is only for federated people.",
    ),
    (
        &["Add|ida.quill@H|GivenName=Ida|FamilyName=Quill|FederationType=FEDERATED|Activation=FORCE_ACTIVATION"],
        "activation.domain",
        "FORCE_ACTIVATION needs an address of the customer; health.example is not its domain.",
    ),
    (
        &["ResendInvitation|fintan.gillespie@H"],
        "invitation.nothing",
        "fintan.gillespie@H has nothing to activate.",
    ),
    (
        &[
            "Add|new@R|GivenName=Ida|FamilyName=Quill|FederationType=FEDERATED",
            "ResendInvitation|new@R",
        ],
        "invitation.federated",
        "new@R is federated and signs in without an invitation.",
    ),
    (
        &[ADD_UNSEEN, "ResendInvitation|new@R", "ResendInvitation|new@R"],
        "invitation.recent",
        "new@R was invited less than an hour ago. No further invitation is sent.",
    ),
    (
        &["AssignSeat|fintan.gillespie@H|SubscriptionId=69052|AltEmailAddress=f@home.example|NotesMigration=true"],
        "migration.none",
        "There is no migrated mail for fintan.gillespie@H.",
    ),
    (
        &["AssignSeat|fintan.gillespie@H|SubscriptionId=69052|AltEmailAddress=f@home.example|NotesTemplate=Other,1,en"],
        "template.unknown",
        "Other,1,en is not a mail template of this customer.",
    ),
    (
        &[
            "AssignSeat|lowri.umar@H|SubscriptionId=69052|AltEmailAddress=l@home.example|NotesDN=CN=Same/O=Riverside",
            "AssignSeat|fintan.gillespie@H|SubscriptionId=69052|AltEmailAddress=f@home.example|NotesDN=CN=Same/O=Riverside",
        ],
        "dn.taken",
        "CN=Same/O=Riverside is the NotesDN of another person.",
    ),
    (
        &[
            "Add|new@R|GivenName=Ida|FamilyName=Quill|SubscriptionId=69052|AltEmailAddress=i@home.example|Password=short",
        ],
        "password.short",
        "…",
    ),
];

/// Where the customer's mail directory leads.
pub const WHERE_MAIL_IS_HYBRID: &[Case] = &[(
    &[MAIL_SEAT, "Rename|fintan.gillespie@H|AltEmailAddress=fintan@R"],
    "rename.directory_first",
    "Change the mail directory first: it does not show fintan@R yet.",
)];

/// Where nobody is federated.
pub const WHERE_NOBODY_IS_FEDERATED: &[Case] = &[(
    &["Add|new@R|GivenName=Ida|FamilyName=Quill|FederationType=FEDERATED"],
    "federation.value",
    "FEDERATED does not fit an organisation that is not federated.",
)];

/// Where email addresses are verified.
pub const WHERE_ADDRESSES_ARE_VERIFIED: &[Case] = &[(
    &["Add|new@R|GivenName=Ida|FamilyName=Quill|FederationType=FEDERATED|Activation=FORCE_ACTIVATION"],
    "activation.verification_on",
    "FORCE_ACTIVATION is only for organisations that do not verify email addresses.",
)];

/// Every code of a row's sentence.
pub const CODES: [&str; 73] = [
    "account.exists",
    "account.none",
    "action.missing",
    "action.older",
    "action.unknown",
    "activation.domain",
    "activation.not_federated",
    "activation.value",
    "activation.verification_on",
    "address.older",
    "address.promised",
    "address.reserved",
    "assign_to.mail",
    "assign_to.no_collab",
    "assign_to.none",
    "assign_to.self",
    "cells",
    "change.incompatible",
    "change.keyword_missing",
    "change.keyword_wrong",
    "change.same",
    "disabled.by_person",
    "dn.taken",
    "domain.foreign",
    "email.bad",
    "email.long",
    "email.missing",
    "federation.value",
    "field.empty",
    "field.long",
    "field.not_taken",
    "field.required",
    "field.required_mail",
    "field.without_mail",
    "held",
    "invitation.federated",
    "invitation.nothing",
    "invitation.recent",
    "looks_like",
    "mail.credentials",
    "migration.none",
    "password.kept",
    "password.short",
    "quotes",
    "rename.directory_first",
    "rename.domain_federated",
    "rename.no_seat",
    "rename.same",
    "rename.taken",
    "rename.waiting",
    "restorable",
    "seat.goes_too",
    "seat.needed",
    "seat.needs",
    "seat.not_held",
    "seat.second_accessory",
    "seat.second_collab",
    "seat.second_mail",
    "seat.which",
    "seats.full",
    "state",
    "storage.back",
    "storage.none",
    "storage.number",
    "storage.pool",
    "storage.side",
    "subscription.inactive",
    "subscription.none",
    "subscription.storage",
    "subscription.twice",
    "template.unknown",
    "update.empty",
    "value",
];
